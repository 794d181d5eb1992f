import { siteOf, sourceNetworkOf } from '../../http/source-network.js';
import { HashingRank, type HashingTurn } from '../../passwords/hashing-turn.js';
import { loginKeyOf } from '../../users/user.entity.js';
import type { FailedSources } from './failed-sources.js';

/** The longest login has 128 characters. What is longer is nobody's, and need not be told apart. */
const LONGEST_LOGIN = 129;

/** A sign-in that asks for its turn. */
export interface WaitingSignIn {
  readonly login: string;
  /** The address of the client. */
  readonly address: string;
  /** Whether the source is known to the user of that login. */
  readonly isKnown: boolean;
  readonly failedSources: FailedSources;
  /** Whether the client is gone. */
  readonly isGone?: () => boolean;
}

/**
 * Returns the turn of a sign-in (contract.md §5): turns go over sites, within a site over sources, within a source over
 * logins. Known sources come first, then those that have not failed. That is looked up when the turn comes: while it
 * waited, another sign-in from there may have failed.
 */
export function turnOfSignIn({ login, address, isKnown, failedSources, isGone }: WaitingSignIn): HashingTurn {
  return {
    keys: [siteOf(address), sourceNetworkOf(address), loginKeyOf(login).slice(0, LONGEST_LOGIN)],
    rankOf: () => {
      if (isKnown) return HashingRank.Known;
      return failedSources.has(address) ? HashingRank.Failed : HashingRank.Unfailed;
    },
    ...(isGone && { isGone }),
  };
}
