import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../errors/operator-error.js';
import { readNewPassword } from './password-prompt.js';

/** What a terminal sends for a key. */
const ENTER = '\r';
const BACKSPACE = '\u007f';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';

/** A terminal that remembers what it shows, and whether it is in raw mode. */
class FakeTerminal extends PassThrough {
  readonly isTTY = true;
  isRaw = false;
  wasRaw = false;
  readonly output = new PassThrough();

  setRawMode(mode: boolean): this {
    this.isRaw = mode;
    this.wasRaw ||= mode;
    return this;
  }

  get shown(): string {
    let text = '';
    // From Node 26 on, read() returns one chunk at a time.
    for (let chunk: Buffer | null; (chunk = this.output.read() as Buffer | null) !== null;)
      text += chunk.toString();
    return text;
  }
}

/** Types the keys at a prompt. */
async function type(...keys: readonly string[]) {
  const terminal = new FakeTerminal();
  const result = readNewPassword('ada', { input: terminal, output: terminal.output }).catch(
    (error: unknown) => error,
  );
  for (const each of keys) {
    terminal.write(each);
    await turn();
  }
  return { result: await result, terminal };
}

describe('at a terminal', () => {
  it('a password is asked for twice, and never shown', async () => {
    const { result, terminal } = await type(`zq7!vhXe${ENTER}`, `zq7!vhXe${ENTER}`);
    expect(result).toBe('zq7!vhXe');
    expect(terminal.shown).toBe('New password of ada: \nThe same again: \n');
    expect(terminal).toMatchObject({ wasRaw: true, isRaw: false });
  });

  it.each([
    ['is pasted with its repetition', [`zq7!vhXe${ENTER}zq7!vhXe${ENTER}`], 'zq7!vhXe'],
    ['is corrected', [`zq8${BACKSPACE}7!${ENTER}`, `x${CTRL_U}zq7!${ENTER}`], 'zq7!'],
    ['has characters beyond ASCII', [`pässwörd 🐝${ENTER}`, `pässwörd 🐝${ENTER}`], 'pässwörd 🐝'],
    ['has spaces around it', [`  zq7!  ${ENTER}`, `  zq7!  ${ENTER}`], '  zq7!  '],
  ])('a password that %s is taken', async (_, keys, password) => {
    expect((await type(...keys)).result).toBe(password);
  });

  it.each([
    ['Ctrl+C', [`zq7!${CTRL_C}`], 'Interrupted'],
    ['Ctrl+C at the second prompt', [`zq7!${ENTER}`, `zq${CTRL_C}`], 'Interrupted'],
    ['Ctrl+D', [CTRL_D], 'Interrupted'],
    [
      'another one at the second prompt',
      [`zq7!${ENTER}`, `zq8!${ENTER}`],
      'The two passwords are not the same',
    ],
    ['none', [ENTER, ENTER], 'The password is empty'],
  ])('%s is refused in one line, and leaves the terminal as it was', async (_, keys, reason) => {
    const { result, terminal } = await type(...keys);
    expect(result).toBeInstanceOf(OperatorError);
    expect((result as Error).message).toBe(`${reason}: nothing has been changed`);
    expect(terminal).toMatchObject({ wasRaw: true, isRaw: false });
    expect(terminal.shown).not.toContain('zq');
  });
});

describe('from standard input', () => {
  const read = (...chunks: readonly (string | Uint8Array)[]) => {
    const output = new PassThrough();
    return readNewPassword('ada', {
      input: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
      output,
    });
  };

  it.each([
    ['with a line break', ['zq7!vhXe\n']],
    ['without one', ['zq7!vhXe']],
    ['with that of Windows', ['zq7!vhXe\r\n']],
    ['with more lines', ['zq7!vhXe\nand another\n']],
    ['in parts', ['zq7', '!vh', 'Xe\nand', ' more']],
  ])('the first line is taken: %s', async (_, chunks) => {
    expect(await read(...chunks)).toBe('zq7!vhXe');
  });

  it('a password keeps its spaces, and a character that arrives in parts', async () => {
    const bee = Buffer.from(' 🐝 ');
    expect(await read(bee.subarray(0, 3), bee.subarray(3))).toBe(' 🐝 ');
  });

  it('a line that does not end is not read to its end', async () => {
    let chunks = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          chunks += 1;
          yield Buffer.alloc(1024, 'x');
        }
      })(),
    );
    const password = await readNewPassword('ada', { input: endless, output: new PassThrough() });
    expect(password.length).toBeGreaterThan(128);
    expect(chunks).toBeLessThan(50);
  });

  it.each([
    ['nothing', [], 'The password is empty'],
    ['an empty line', ['\nzq7!vhXe\n'], 'The password is empty'],
    ['bytes that are no text', [Uint8Array.of(0xff, 0xfe, 0x0a)], 'The password is not UTF-8 text'],
  ])('%s is refused in one line', async (_, chunks, reason) => {
    await expect(read(...chunks)).rejects.toThrow(new OperatorError(`${reason}: nothing has been changed`));
  });
});
