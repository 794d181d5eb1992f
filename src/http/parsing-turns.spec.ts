import { describe, expect, it } from 'vitest';
import type { ApiError } from '../errors/api-error.js';
import { ParsingTurns } from './parsing-turns.js';

const KIB = 1024;
/** Lets large bodies take turns, and returns the order in which all are parsed. */
async function order(turns: ParsingTurns, sizes: readonly number[]): Promise<readonly number[]> {
  const parsed: number[] = [];
  await new Promise<void>((done) => {
    sizes.forEach((bytes, index) => {
      turns.take(bytes, () => {
        if (parsed.push(index) === sizes.length) done();
      });
    });
  });
  return parsed;
}

describe('bodies are parsed', () => {
  it('at once when they are small, though large ones wait', async () => {
    const [large, small] = [64 * KIB, 16 * KIB];
    expect(await order(new ParsingTurns(), [large, large, small, large, small])).toEqual([0, 2, 4, 1, 3]);
  });

  it('in their order when they are large, each in a turn of its own of the event loop', async () => {
    const turns = new ParsingTurns();
    let loops = 0;
    const count = () => {
      loops += 1;
      pending = setImmediate(count);
    };
    let pending = setImmediate(count);
    const seen: number[] = [];
    await new Promise<void>((done) => {
      for (let index = 0; index < 5; index += 1)
        turns.take(64 * KIB, () => {
          if (seen.push(loops) === 5) done();
        });
    });
    clearImmediate(pending);
    expect(new Set(seen).size).toBe(5);
    expect(await order(turns, [64 * KIB, 65 * KIB, 66 * KIB])).toEqual([0, 1, 2]);
  });

  it('up to 64 MiB of them: more are 503', async () => {
    const turns = new ParsingTurns();
    const parsed: number[] = [];
    // The first is parsed at once.
    for (let index = 0; index <= 64; index += 1) turns.take(KIB * KIB, () => parsed.push(index));
    let refusal: unknown;
    try {
      turns.take(KIB * KIB, () => parsed.push(-1));
    } catch (error) {
      refusal = error;
    }
    expect((refusal as ApiError).status).toBe(503);
    turns.take(16 * KIB, () => parsed.push(100));
    expect(parsed).toEqual([0, 100]);
    await new Promise<void>((done) => {
      const look = () => {
        if (parsed.length === 66) done();
        else setTimeout(look, 5);
      };
      look();
    });
    turns.take(KIB * KIB, () => parsed.push(101));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(parsed.at(-1)).toBe(101);
  });
});
