import { describe, expect, it } from 'vitest';
import { FailedSources } from './failed-sources.js';

const MINUTE = 60_000;

/** With a clock that the test sets. */
function started() {
  const clock = { now: 0 };
  return { clock, failed: new FailedSources(() => clock.now) };
}

describe('a source that has failed', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', '203.0.113.8'],
    ['203.0.113.7', '::ffff:203.0.113.7', '203.0.113.8'],
    ['2001:db8:1:2::1', '2001:db8:1:2::9', '2001:db8:1:3::1'],
  ])('%s: %s waits behind others, %s does not', (address, same, other) => {
    const { failed } = started();
    expect(failed.has(same)).toBe(false);
    failed.add(address);
    expect([failed.has(same), failed.has(other)]).toEqual([true, false]);
  });

  it('is forgotten 15 minutes after its last failure', () => {
    const { clock, failed } = started();
    failed.add('203.0.113.7');
    clock.now = 10 * MINUTE;
    failed.add('203.0.113.7');
    clock.now = 25 * MINUTE - 1;
    expect(failed.has('203.0.113.7')).toBe(true);
    clock.now = 25 * MINUTE;
    expect(failed.has('203.0.113.7')).toBe(false);
  });

  it('counts for its whole IPv6 /48 when three others of it have failed too', () => {
    const { clock, failed } = started();
    const inside = (network: number) => `2001:db8:1:${network}::1`;
    for (const network of [1, 2, 3]) failed.add(inside(network));
    failed.add(inside(3));
    expect(failed.has(inside(9))).toBe(false);
    failed.add(inside(4));
    expect([failed.has(inside(9)), failed.has('2001:db8:2:9::1')]).toEqual([true, false]);
    clock.now = 15 * MINUTE;
    failed.add(inside(5));
    expect(failed.has(inside(9))).toBe(false);
  });

  it('takes bounded memory', () => {
    const { failed } = started();
    for (let index = 0; index < 1000; index += 1) failed.add(`2001:db8:1:${index.toString(16)}::1`);
    for (let index = 0; index < 21_000; index += 1)
      failed.add(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    // @ts-expect-error -- the inside of it
    const { sites } = failed;
    expect(sites.size).toBe(20_000);
    expect(Math.max(...[...sites.values()].map(({ size }) => size))).toBeLessThanOrEqual(4);
  });
});
