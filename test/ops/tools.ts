import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { it } from 'vitest';

/** What a command came to. */
export interface Ran {
  readonly status: number | null;
  /** What it has written, errors included. */
  readonly output: string;
}

/** Runs a tool to its end. */
export function runTool(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Ran {
  const [file = '', ...parameters] = command;
  const { status, stdout, stderr, error } = spawnSync(file, parameters, { encoding: 'utf8', env });
  return { status, output: error ? error.message : stdout + stderr };
}

/** Whether the system has this program. */
export const hasProgram = (name: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${name}`], { env: systemEnvironment }).status === 0;

/** Debian keeps the programs of administrators where other users do not look. */
export const systemEnvironment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** The folder that .ci/run installs the tools from PyPI into; empty: not installed. */
const pythonTools = process.env['OPS_TOOLS'] ?? '';

/** Runs a tool that .ci/run has installed from PyPI. */
export const runPythonTool = (name: string, ...parameters: readonly string[]): Ran =>
  runTool([join(pythonTools, 'bin', name), ...parameters], { ...process.env, PYTHONPATH: pythonTools });

/** A test that needs the tools from PyPI; skipped with the reason without them. */
export const itWithPythonTools = (name: string, test: () => void | Promise<void>): void => {
  if (pythonTools === '') it.skip(`${name} (skipped: OPS_TOOLS is not set, see .ci/run)`, test);
  else it(name, test);
};

/** A test that needs programs of the system; skipped with the reason without them. */
export const itWithPrograms = (
  programs: readonly string[],
  name: string,
  test: () => void | Promise<void>,
): void => {
  const missing = programs.filter((program) => !hasProgram(program));
  if (missing.length > 0) it.skip(`${name} (skipped: no ${missing.join(', ')})`, test);
  else it(name, test);
};
