import type { Turn } from '../turns/turns.js';

/** The ranks in which password hashes wait, the first one first (contract.md §5). */
export const HashingRank = {
  /** A sign-in from a source that is known to its user. */
  Known: 0,
  /** A sign-in from a source that has not failed lately, and everything that signed-in users ask for. */
  Unfailed: 1,
  /** A sign-in from a source that has failed lately. */
  Failed: 2,
} as const;
/** One of {@link HashingRank}. */
export type HashingRank = (typeof HashingRank)[keyof typeof HashingRank];

/** Whose turn it is to use a hashing thread. Its keys: the site or the user, the source, the login. */
export interface HashingTurn extends Turn {
  readonly keys: readonly [party: string, source: string, login: string];
}

/** A turn that has come: a hashing slot is held. */
export interface HashingSlot {
  readonly turn: HashingTurn;
  /** When it began to wait, by `performance.now()`. */
  readonly arrived: number;
  /** Gives the slot back before the work ends. */
  readonly giveBack: () => void;
}

/** The turn of a signed-in user. */
export const turnOfUser = (userId: number): HashingTurn => ({
  keys: [`user/${userId}`, '', ''],
  rankOf: () => HashingRank.Unfailed,
});

/** The turn of the service itself, and of an operator's command. */
export const TURN_OF_SERVICE: HashingTurn = { keys: ['service', '', ''], rankOf: () => HashingRank.Known };
