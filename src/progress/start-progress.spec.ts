import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startProgress } from './start-progress.js';

afterEach(() => {
  vi.useRealTimers();
});

/** A stream that keeps what is written to it. */
function recorder(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  return { stream, written: () => String(stream.read() ?? '') };
}

describe('progress without a terminal', () => {
  it('is a line for each tenth, and one at each end', () => {
    const { stream, written } = recorder(false);
    const progress = startProgress('Backup', { total: 20_000, unit: 'rows' }, stream);
    for (let row = 0; row < 20_000; row += 1) progress.advance();
    progress.end();
    const lines = written().split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'Backup: 0 of 20,000 rows (0 %)',
      'Backup: 2,000 of 20,000 rows (10 %)',
      'Backup: 4,000 of 20,000 rows (20 %)',
    ]);
    expect(lines.slice(-2)).toEqual(['Backup: ended after 20,000 of 20,000 rows', '']);
    expect(lines).toHaveLength(12);
  });

  it('says how far it came, where it ends early or goes beyond its total', () => {
    const { stream, written } = recorder(false);
    const early = startProgress('Restore', { total: 10 }, stream);
    early.advance(1);
    early.end();
    early.end();
    const beyond = startProgress('Restore', { total: 10 }, stream);
    beyond.advance(15);
    beyond.end();
    expect(written().split('\n')).toEqual([
      'Restore: 0 of 10 (0 %)',
      'Restore: 1 of 10 (10 %)',
      'Restore: ended after 1 of 10',
      'Restore: 0 of 10 (0 %)',
      'Restore: ended after 15 of 15',
      '',
    ]);
  });

  it('has a line every ten seconds where no total is known, and none for nothing', () => {
    vi.useFakeTimers();
    const { stream, written } = recorder(false);
    const progress = startProgress('Import', { unit: 'users' }, stream);
    for (let second = 0; second < 25; second += 1) {
      vi.advanceTimersByTime(1000);
      progress.advance(2);
    }
    progress.end();
    startProgress('Import', { total: 0, unit: 'users' }, stream).end();
    expect(written().split('\n')).toEqual([
      'Import: 0 users',
      'Import: 20 users',
      'Import: 40 users',
      'Import: ended after 50 users',
      'Import: 0 of 0 users',
      'Import: ended after 0 of 0 users',
      '',
    ]);
  });

  it('writes no control characters', () => {
    const { stream, written } = recorder(false);
    const progress = startProgress('Backup', { total: 2 }, stream);
    progress.advance(2);
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
