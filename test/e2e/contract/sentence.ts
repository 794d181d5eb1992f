/** Who makes a request. With `actions`: by a token of theirs that carries these alone, and names every scope. */
export type Who =
  'anyone' | 'admin' | 'client' | { readonly of: 'admin' | 'client'; readonly actions: readonly string[] };

/**
 * One request and what it is answered. Texts may hold `{own}`, `{other}` (two clients), `{admin}`, `{missing}`,
 * `{network}`, `{deviceType}` (of `{own}`), `{foreignNetwork}`, `{foreignType}` (nobody's), `{login}` (of `{own}`),
 * and what an earlier step has kept.
 */
export interface Step {
  readonly as: Who;
  /** Method and path. */
  readonly ask: string;
  /** The body; a text is sent as it is. */
  readonly send?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** The message of an error, which is then the whole body but for `details`. */
  readonly message?: string | RegExp;
  /** The body, to the letter; matchers of Vitest may stand in it. */
  readonly body?: unknown;
  /** Headers of the answer. */
  readonly carries?: Readonly<Record<string, RegExp>>;
  /** Keeps members of the answer, or a header, under names that later steps use. */
  readonly keep?: Readonly<Record<string, string>>;
}

/** A sentence, row or bullet of docs/contract.md, known by its beginning, and what holds it. */
export interface Sentence {
  readonly says: string;
  /** Each is a story in a world of its own. */
  readonly cases?: readonly (readonly Step[])[];
  /** Suites that hold it, or the rest of it, where single requests cannot. */
  readonly heldBy?: readonly string[];
}

/** Shorthand for one step that is a whole story. */
export const step = (as: Who, ask: string, rest: Omit<Step, 'as' | 'ask'>): Step => ({ as, ask, ...rest });
/** What most refusals answer. */
export const DENIED = { status: 403, message: 'Access is denied' } as const;
/** What a request without a good token is answered. */
export const UNAUTHORIZED = { status: 401, message: 'Unauthorized' } as const;
