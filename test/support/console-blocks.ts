/** A command of a `console` block, and the output that the block shows. */
export interface ConsoleStep {
  /** The heading above it. */
  readonly heading: string;
  readonly command: string;
  readonly output: string;
}

/** Returns the `console` blocks of a Markdown text that have no command: what a program prints by itself. */
export function printedBlocks(markdown: string): string[] {
  return blocksOf(markdown)
    .map(({ text }) => text)
    .filter((text) => !/^\$ /m.test(text));
}

/** Returns the commands of all `console` blocks of a Markdown text, in their order. */
export function consoleSteps(markdown: string): ConsoleStep[] {
  return blocksOf(markdown).flatMap(({ heading, text }) =>
    text
      .split(/^(?=\$ )/m)
      .filter((part) => part.startsWith('$ '))
      .map((part) => {
        const [first = '', ...rest] = part.split('\n');
        return { heading, command: first.slice(2), output: rest.join('\n') };
      }),
  );
}

function blocksOf(markdown: string): { heading: string; text: string }[] {
  let heading = '';
  return [...markdown.matchAll(/^#+ (.*)$|^```console\n([\s\S]*?)^```$/gm)].flatMap(([, title, text]) => {
    if (title !== undefined) heading = title;
    return text === undefined ? [] : [{ heading, text }];
  });
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** What differs from run to run, and a pattern of it. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/, String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`],
  [/curl\/[\d.]+/, String.raw`curl\/[\d.]+`],
  [/(?<="id":")\d+(?=")/, String.raw`\d+`],
  [/…/, '.*?'],
];

/**
 * Compares real output with what a document shows. `…` stands for anything; times and ids may differ, but an id that the
 * document shows twice must be the same one both times. Line breaks do not count: documents wrap long lines.
 */
export class ShownOutput {
  /** The ids that the document shows, and the real ones. */
  private readonly ids = new Map<string, string>();

  /** Puts real ids in the place of those that the document shows. */
  inPlace(command: string): string {
    return command.replaceAll(new RegExp(UUID, 'g'), (shown) => this.ids.get(shown) ?? shown);
  }

  /** Whether `real` is what is shown. Remembers the ids. */
  matches(shown: string, real: string): boolean {
    const learned: string[] = [];
    const [flat, found] = [shown, real].map((text) => text.replaceAll(/\s*\n\s*/g, ''));
    const parts = new RegExp(
      [`(${UUID})`, '([0-9a-f]{8})-…', ...VARYING.map(([one]) => `(${one.source})`)].join('|'),
      'g',
    );
    let pattern = '';
    let end = 0;
    for (const match of (flat ?? '').matchAll(parts)) {
      const [whole, uuid, prefix] = match;
      pattern += escape((flat ?? '').slice(end, match.index)) + this.patternOf(whole, uuid, prefix, learned);
      end = match.index + whole.length;
    }
    pattern += escape((flat ?? '').slice(end));
    const result = new RegExp(`^${pattern}$`, 's').exec(found ?? '');
    if (!result) return false;
    learned.forEach((id, index) => this.ids.set(id, result[index + 1] ?? ''));
    return true;
  }

  private patternOf(
    whole: string,
    uuid: string | undefined,
    prefix: string | undefined,
    learned: string[],
  ): string {
    const known = [...this.ids].find(
      ([shown]) => shown === uuid || (prefix !== undefined && shown.startsWith(prefix)),
    );
    if (known) return escape(known[1]);
    if (uuid !== undefined)
      return learned.includes(uuid) ? `\\${learned.indexOf(uuid) + 1}` : `(${learn(learned, uuid)})`;
    if (prefix !== undefined) return UUID;
    return (
      VARYING.find(([one]) =>
        new RegExp(`^(?:${one.source.replace(/\(\?<=.*?\)|\(\?=.*?\)/g, '')})$`).test(whole),
      )?.[1] ?? escape(whole)
    );
  }
}

function learn(learned: string[], id: string): string {
  learned.push(id);
  return UUID;
}

const escape = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
