import { describe, expect, it } from 'vitest';
import { HashingRank } from '../../passwords/hashing-turn.js';
import { FailedSources } from './failed-sources.js';
import { turnOfSignIn } from './sign-in-turn.js';

const turnOf = (fields: Partial<Parameters<typeof turnOfSignIn>[0]> = {}) =>
  turnOfSignIn({
    login: 'ada',
    address: '203.0.113.7',
    isKnown: false,
    failedSources: new FailedSources(),
    ...fields,
  });

describe('the turn of a sign-in', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.7', '203.0.113.7', 'ada']],
    ['2001:db8:1:2:3:4:5:6', ['2001:db8:1', '2001:db8:1:2', 'ada']],
  ])('from %s goes over sites, sources, logins', (address, keys) => {
    expect(turnOf({ address }).keys).toEqual(keys);
  });

  it('is the same however the login is written, and its key is short', () => {
    expect(turnOf({ login: ' ADA ' }).keys).toEqual(turnOf().keys);
    expect(turnOf({ login: 'x'.repeat(4000) }).keys[2]).toHaveLength(129);
  });

  it('comes later once the source has failed, unless the user knows the source', () => {
    const failedSources = new FailedSources();
    const stranger = turnOf({ failedSources });
    const known = turnOf({ failedSources, isKnown: true });
    expect([known.rankOf?.(), stranger.rankOf?.()]).toEqual([HashingRank.Known, HashingRank.Unfailed]);
    failedSources.add('203.0.113.7');
    expect([known.rankOf?.(), stranger.rankOf?.()]).toEqual([HashingRank.Known, HashingRank.Failed]);
  });
});
