import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { OperatorError } from '../errors/operator-error.js';

/** Reading stops after so many bytes: no password that is allowed is that long. */
const MOST_BYTES = 4096;
const LINE_FEED = 0x0a;

/** Where a password comes from, and where it is asked for. */
export interface PromptStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Reads a new password. On a terminal, asks for it twice and does not show it; else takes the first line of the input.
 * Prompts go to standard error, so that they are seen even if the output is redirected.
 *
 * @throws {OperatorError} when there is none, or when the two differ
 */
export async function readNewPassword(
  login: string,
  streams: PromptStreams = { input: process.stdin, output: process.stderr },
): Promise<string> {
  const password =
    streams.input.isTTY === true ? await askTwice(login, streams) : await readFirstLine(streams.input);
  if (password === '') throw new OperatorError('The password is empty: nothing has been changed');
  return password;
}

/**
 * Asks for a password on a terminal, and does not show it.
 *
 * @returns undefined when the input is no terminal
 * @throws {OperatorError} when it is interrupted
 */
export async function readPassword(
  prompt: string,
  streams: PromptStreams = { input: process.stdin, output: process.stderr },
): Promise<string | undefined> {
  if (streams.input.isTTY !== true) return undefined;
  return onTerminal(streams, (ask) => ask(prompt));
}

async function askTwice(login: string, streams: PromptStreams): Promise<string> {
  return onTerminal(streams, async (ask) => {
    const first = await ask(`New password of ${login}: `);
    const second = await ask('The same again: ');
    if (first !== second)
      throw new OperatorError('The two passwords are not the same: nothing has been changed');
    return first;
  });
}

/** Runs `work`, which asks for lines that are not shown. */
async function onTerminal<T>(
  { input, output }: PromptStreams,
  work: (ask: (prompt: string) => Promise<string>) => Promise<T>,
): Promise<T> {
  // The terminal is in raw mode until it is closed. What is typed is echoed to a stream that drops it.
  const muted = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input, output: muted, terminal: true, historySize: 0 });
  // One iterator for all lines: they may arrive at once, when they are pasted.
  const lines = terminal[Symbol.asyncIterator]();
  try {
    return await work(async (prompt) => {
      output.write(prompt);
      const line = await lines.next();
      output.write('\n');
      // Ctrl+C and Ctrl+D close the interface.
      if (line.done === true) throw new OperatorError('Interrupted: nothing has been changed');
      return line.value;
    });
  } finally {
    terminal.close();
  }
}

async function readFirstLine(input: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk);
    const end = bytes.indexOf(LINE_FEED);
    parts.push(end < 0 ? bytes : bytes.subarray(0, end));
    size += bytes.length;
    if (end >= 0 || size > MOST_BYTES) break;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)).replace(/\r$/, '');
  } catch {
    throw new OperatorError('The password is not UTF-8 text: nothing has been changed');
  }
}
