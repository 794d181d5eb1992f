import { describe, expect, it } from 'vitest';
import { ParsingTurns } from './parsing-turns.js';

const KIB = 1024;
const add = (turns: ParsingTurns, bytes: number, parse: () => void) => {
  turns.add({ party: 'somebody', bytes, parse, refuse: () => undefined });
};
/** Lets large bodies take turns, and returns the order in which all are parsed. */
async function order(turns: ParsingTurns, sizes: readonly number[]): Promise<readonly number[]> {
  const parsed: number[] = [];
  await new Promise<void>((done) => {
    sizes.forEach((bytes, index) => {
      add(turns, bytes, () => {
        if (parsed.push(index) === sizes.length) done();
      });
    });
  });
  return parsed;
}

describe('bodies are parsed', () => {
  it('at once when they are small, though large ones wait', async () => {
    const [large, small] = [64 * KIB, 4 * KIB];
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
        add(turns, 64 * KIB, () => {
          if (seen.push(loops) === 5) done();
        });
    });
    clearImmediate(pending);
    expect(new Set(seen).size).toBe(5);
    expect(await order(turns, [64 * KIB, 65 * KIB, 66 * KIB])).toEqual([0, 1, 2]);
  });

  it('in turns of those who have sent them', async () => {
    const turns = new ParsingTurns();
    const parsed: string[] = [];
    await new Promise<void>((done) => {
      for (const party of ['a', 'a', 'a', 'a', 'b'])
        turns.add({
          party,
          bytes: 64 * KIB,
          parse: () => {
            if (parsed.push(party) === 5) done();
          },
          refuse: () => undefined,
        });
    });
    expect(parsed).toEqual(['a', 'a', 'b', 'a', 'a']);
  });

  it('up to 64 MiB of them: who has the most waiting loses the newest', async () => {
    const turns = new ParsingTurns();
    const outcomes: string[] = [];
    const send = (party: string, index: number, bytes = KIB * KIB) => {
      turns.add({
        party,
        bytes,
        parse: () => outcomes.push(`${party} ${index}`),
        refuse: () => outcomes.push(`${party} ${index} refused`),
      });
    };
    // The first is parsed at once.
    for (let index = 0; index <= 64; index += 1) send('a', index);
    send('b', 0);
    expect(outcomes).toEqual(['a 0', 'a 64 refused']);
    send('a', 65, 4 * KIB);
    expect(outcomes.at(-1)).toBe('a 65');
    await new Promise<void>((done) => {
      const look = () => {
        if (outcomes.length === 67) done();
        else setTimeout(look, 5);
      };
      look();
    });
    expect(outcomes.indexOf('b 0')).toBeLessThan(6);
    expect(outcomes.at(-1)).toBe('a 63');
  });
});
