import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeNewFile } from './write-new-file.js';

describe('a new file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hivegate-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    path = join(folder, 'new');
  });
  const writeText = (text: string) =>
    writeNewFile(path, async (file) => {
      // Its name comes last.
      expect(await readdir(folder)).toEqual([expect.stringMatching(/^new\.\w+\.partial$/)]);
      await pipeline([text], file);
      return text.length;
    });

  it('has its name when it is complete, for its owner only', async () => {
    expect(await writeText('complete')).toBe(8);
    expect(await readdir(folder)).toEqual(['new']);
    expect(await readFile(path, 'utf8')).toBe('complete');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('replaces nothing: no file, no link that leads nowhere, and none that has been made meanwhile', async () => {
    const refused = 'new is there already, and is not overwritten';
    await writeFile(path, 'first');
    await expect(writeText('second')).rejects.toThrow(refused);
    await rm(path);
    await symlink('nowhere', path);
    await expect(writeText('second')).rejects.toThrow(refused);
    await rm(path);
    const late = writeNewFile(path, async (file) => {
      await pipeline(['second'], file);
      await writeFile(path, 'first');
    });
    await expect(late).rejects.toThrow(refused);
    expect(await readdir(folder)).toEqual(['new']);
    expect(await readFile(path, 'utf8')).toBe('first');
  });

  it('is not begun where it cannot be made', async () => {
    let isBegun = false;
    const writing = writeNewFile(join(folder, 'missing', 'new'), () => Promise.resolve((isBegun = true)));
    await expect(writing).rejects.toThrow('ENOENT');
    expect(isBegun).toBe(false);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const stopping = new AbortController();
    function* endless() {
      for (let count = 0; ; count += 1) {
        if (count === 100) stopping.abort();
        yield 'x'.repeat(100_000);
      }
    }
    const writing = writeNewFile(path, (file) => pipeline(endless(), file, { signal: stopping.signal }));
    await expect(writing).rejects.toThrow(/abort/i);
    expect(await readdir(folder)).toEqual([]);
  });
});
