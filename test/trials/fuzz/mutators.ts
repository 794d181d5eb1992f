import type { Draft } from './draft.js';
import {
  addMember,
  announceTooMuch,
  changeBytes,
  changeType,
  changeValue,
  dropMember,
  repeatMember,
  replaceBody,
} from './mutate-body.js';
import { changeAuthorization, changeHeader, crowdHeaders } from './mutate-head.js';
import { changeId, changeMethod, changePath, changeQuery } from './mutate-target.js';
import { breakFrame, pipeline, sendSlowly } from './mutate-wire.js';
import type { Random } from './random.js';

/** Spoils a request in one way. Answers with what it has done. */
type Mutator = (draft: Draft, random: Random) => string;

const BODY: readonly (readonly [number, Mutator])[] = [
  [12, changeValue],
  [6, addMember],
  [3, dropMember],
  [3, repeatMember],
  [4, replaceBody],
  [4, changeBytes],
  [3, changeType],
  [1, announceTooMuch],
];
/** Where none is asked for, a body is odd by being there. */
const BODY_BESIDE: readonly (readonly [number, Mutator])[] = [
  [1, addMember],
  [1, replaceBody],
  [1, changeType],
];
const TARGET: readonly (readonly [number, Mutator])[] = [
  [8, changeId],
  [4, changePath],
  [3, changeMethod],
  [7, changeQuery],
];
const HEAD: readonly (readonly [number, Mutator])[] = [
  [8, changeHeader],
  [4, changeAuthorization],
];
/** What is not undone by what comes after, for it makes the bytes. */
const WIRE: readonly (readonly [number, Mutator])[] = [
  [9, breakFrame],
  [1, crowdHeaders],
  [2, sendSlowly],
  [3, pipeline],
];

/** Leaves some requests as they are, and spoils the others in one way or in several. */
export function mutate(draft: Draft, random: Random): void {
  if (random.chance(0.25)) return;
  const count = random.weigh([
    [7, 1],
    [2, 2],
    [1, 3],
  ]);
  const body = draft.operation.body ? BODY : BODY_BESIDE;
  for (let index = 0; index < count; index += 1) {
    const mutators = random.weigh([
      [draft.operation.body ? 9 : 2, body],
      [7, TARGET],
      [4, HEAD],
    ]);
    draft.mutations.push(random.weigh(mutators)(draft, random));
  }
  if (random.chance(0.12)) draft.mutations.push(random.weigh(WIRE)(draft, random));
}
