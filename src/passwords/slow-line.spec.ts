import { describe, expect, it } from 'vitest';
import { HashingRank, type HashingSlot } from './hashing-turn.js';
import { SlowLine } from './slow-line.js';

const lineOf = (target: number) => new SlowLine({ slots: () => 1, target: () => target, mostOfOne: 2 });
/** A slot that notes that it is given back. `waited`: milliseconds since it began to wait for it. */
const slotOf = (source: string, given: string[] = [], waited = 0): HashingSlot => ({
  turn: { keys: [source, source, 'ada'], rankOf: () => HashingRank.Unfailed },
  arrived: performance.now() - waited,
  giveBack: () => given.push(source),
});
/** Work that ends when told. */
function held() {
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  return { work: () => isReleased, release };
}
const BUSY = { status: 503, message: 'The service is busy' };

describe('the line of those that bcrypt has not accepted', () => {
  it('holds no hashing slot, neither of the one that passes nor of those that wait', async () => {
    const line = lineOf(1);
    const given: string[] = [];
    const { work, release } = held();
    const all = ['a', 'b', 'c'].map((source) => line.pass(slotOf(source, given), work));
    expect([given, line.waiting]).toEqual([['a', 'b', 'c'], 2]);
    release();
    await Promise.all(all);
    expect(line.waiting).toBe(0);
  });

  it('holds ten seconds of rejections, and the source with the most in it loses its newest', async () => {
    const line = lineOf(500);
    const { work, release } = held();
    const flood = Array.from({ length: 23 }, () => line.pass(slotOf('flood'), work));
    const other = line.pass(slotOf('other'), work);
    release();
    const outcomes = await Promise.allSettled(flood);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array<string>(20).fill('fulfilled'),
      ...Array<string>(3).fill('rejected'),
    ]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(BUSY);
    await other;
  });

  it('does not keep an attempt for so long that no response could be sent', async () => {
    const line = lineOf(1);
    const { work, release } = held();
    const first = line.pass(slotOf('a'), work);
    await expect(line.pass(slotOf('b', [], 20_000), work)).rejects.toMatchObject(BUSY);
    release();
    await first;
  });
});

describe('attempts with one login from one source', () => {
  it('are refused before they are counted while too many are under way, and others are not', async () => {
    const line = lineOf(1);
    const { work, release } = held();
    const [one, other] = [slotOf('a').turn, slotOf('b').turn];
    const all = [line.attempt(one, work), line.attempt(one, work), line.attempt(other, work)];
    let counted = 0;
    const count = () => Promise.resolve((counted += 1));
    await expect(line.attempt(one, count)).rejects.toMatchObject(BUSY);
    expect(counted).toBe(0);
    release();
    await Promise.all(all);
    expect(await line.attempt(one, count)).toBe(1);
  });
});
