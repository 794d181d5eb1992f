import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { startProgress } from './start-progress.js';

/** A stream that keeps what is written to it. */
function recorder(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  return { stream, written: () => String(stream.read() ?? '') };
}

describe('progress without a terminal', () => {
  const linesOf = (options: Parameters<typeof startProgress>[1], advances: readonly number[]) => {
    const { stream, written } = recorder(false);
    const progress = startProgress('Backup', options, stream);
    for (const by of advances) progress.advance(by);
    progress.end();
    progress.end();
    return written().split('\n').slice(0, -1);
  };
  const ones = (count: number) => Array<number>(count).fill(1);

  it('is a line for each tenth, and one at the end', () => {
    const lines = linesOf({ total: 20_000, unit: 'rows' }, ones(20_000));
    expect(lines.slice(0, 2)).toEqual([
      'Backup: 2,000 of 20,000 rows (10 %)',
      'Backup: 4,000 of 20,000 rows (20 %)',
    ]);
    expect(lines.at(-1)).toBe('Backup: ended after 20,000 of 20,000 rows');
    expect(lines).toHaveLength(10);
  });

  it('says how far it came, where it ends early or goes beyond its total', () => {
    expect(linesOf({ total: 2000 }, [250])).toEqual([
      'Backup: 250 of 2,000 (12 %)',
      'Backup: ended after 250 of 2,000',
    ]);
    expect(linesOf({ total: 1000 }, [1500])).toEqual([
      'Backup: 1,500 of 1,500',
      'Backup: ended after 1,500 of 1,500',
    ]);
  });

  it('has a line at 1,000, 2,000, 5,000 and so on where no total is known', () => {
    expect(linesOf({ unit: 'users' }, ones(60_000))).toEqual([
      ...['1,000', '2,000', '5,000', '10,000', '20,000', '50,000'].map((count) => `Backup: ${count} users`),
      'Backup: ended after 60,000 users',
    ]);
  });

  it('has no lines for a short task, unless its units are slow', () => {
    expect(linesOf({ total: 999 }, ones(999))).toEqual([]);
    expect(linesOf({ total: 0 }, [])).toEqual([]);
    expect(linesOf({}, ones(999))).toEqual([]);
    expect(linesOf({ total: 3, unit: 'steps', isSlow: true }, ones(3))).toEqual([
      'Backup: 1 of 3 steps (33 %)',
      'Backup: 2 of 3 steps (66 %)',
      'Backup: ended after 3 of 3 steps',
    ]);
  });

  it('writes no control characters', () => {
    const { stream, written } = recorder(false);
    const progress = startProgress('Backup', { total: 2000 }, stream);
    progress.advance(1500);
    progress.end();
    expect(written()).toMatch(/^[\n\x20-\x7e]+$/);
  });
});

describe('progress on a terminal', () => {
  it('is one bar, which ends with what was done', () => {
    const { stream, written } = recorder(true);
    const progress = startProgress('Backup', { total: 2000, unit: 'rows' }, stream);
    progress.advance(1500);
    progress.advance(500);
    progress.end();
    const text = written();
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toMatch(/Backup \[-{30}\] 0 % \| 0 of 2,000 rows/);
    expect(text).toMatch(/Backup \[={30}\] 100 % \| 2,000 of 2,000 rows/);
  });

  it('has no bar where no total is known, and grows a total that was too small', () => {
    const { stream, written } = recorder(true);
    const unknown = startProgress('Import', { unit: 'users' }, stream);
    unknown.advance(1500);
    unknown.end();
    expect(written()).toMatch(/Import \| 1,500 users \| /);
    const beyond = startProgress('Import', { total: 10, unit: 'users' }, stream);
    beyond.advance(15);
    beyond.end();
    expect(written()).toMatch(/100 % \| 15 of 15 users/);
  });

  it('neither hides the cursor, nor stops the lines from wrapping, nor listens for signals', () => {
    const { stream, written } = recorder(true);
    const before = process.listenerCount('SIGINT');
    const progress = startProgress('Backup', { total: 2 }, stream);
    expect(process.listenerCount('SIGINT')).toBe(before);
    progress.end();
    expect(written()).not.toMatch(/\[\?(?:25|7)/);
  });
});
