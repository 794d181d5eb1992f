import { readFileSync } from 'node:fs';

/** One instruction of a Dockerfile: `RUN`, and what it runs. */
export interface Instruction {
  readonly name: string;
  readonly value: string;
}

/** What follows a `FROM`, up to the next one. */
export interface Stage {
  /** The image or stage that it starts from, as written. */
  readonly from: string;
  /** Its name; empty: it has none. */
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** Our Dockerfile, read. */
export interface Dockerfile {
  /** The default of the argument `NODE_IMAGE`. */
  readonly nodeImage: string;
  readonly stages: readonly [Stage, ...Stage[]];
}

/** Reads the Dockerfile of the checkout. Comments are left out, continued lines are joined. */
export function readDockerfile(): Dockerfile {
  const instructions = readFileSync('Dockerfile', 'utf8')
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Instruction => {
      const [, name = '', value = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
      if (name === '') throw new Error(`Not an instruction: ${line}`);
      return { name, value };
    });
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  const stages = starts.map((start, index): Stage => {
    const [from = '', name = ''] = (instructions[start]?.value ?? '').split(/ AS /);
    return { from, name, instructions: instructions.slice(start + 1, starts[index + 1]) };
  });
  const nodeImage = instructions
    .slice(0, starts[0])
    .flatMap(({ name, value }) =>
      name === 'ARG' && value.startsWith('NODE_IMAGE=') ? [value.slice(11)] : [],
    );
  return { nodeImage: nodeImage[0] ?? '', stages: stages as unknown as Dockerfile['stages'] };
}

/** The values of one kind of instruction of a stage: of `USER`, the last one counts. */
export const valuesOf = (stage: Stage, name: string): string[] =>
  stage.instructions.filter((instruction) => instruction.name === name).map(({ value }) => value);

/** The variables that `ENV` sets in a stage. */
export const environmentOf = (stage: Stage): Record<string, string> =>
  Object.fromEntries(
    valuesOf(stage, 'ENV')
      .flatMap((value) => value.split(' '))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
