import { HOME, type TestService } from '../../support/service.js';

/**
 * The caller of a request. With `actions`: through a token which the administrator creates for that user, with only
 * these, for all scopes that the user has.
 */
export type Who =
  'anyone' | 'admin' | 'client' | { readonly of: 'admin' | 'client'; readonly actions: readonly string[] };

/**
 * One request and the expected response. Texts may hold `{own}`, `{other}` (two clients), `{admin}`, `{missing}`,
 * `{network}`, `{deviceType}` (of `{own}`), `{foreignNetwork}`, `{foreignType}` (assigned to nobody), `{login}`,
 * `{password}`, `{accessToken}`, `{refreshToken}` (of `{own}`), `{fresh}` (a login or name that nobody has),
 * `{ownText}`, `{networkText}`, `{deviceTypeText}` (ids as claims carry them), `{sid}` (the session of `{accessToken}`),
 * `{inTenMinutes}`, `{inAnHour}`, `{in300Days}`, `{in400Days}`, `{inTenMinutesAsNumber}`, and what an earlier step has
 * kept.
 */
export interface Step {
  readonly as: Who;
  /** Method and path. */
  readonly ask: string;
  /** The body; a text is sent as it is. */
  readonly send?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** The message of an error. */
  readonly message?: string | RegExp;
  /** The body: a list or a matcher of Vitest as a whole, of an object the named members. */
  readonly body?: unknown;
  /** Of a body that is a list, the named members of each item, of all items and no more. */
  readonly list?: readonly object[];
  /** The names of all members of the body, in any order. */
  readonly only?: readonly string[];
  /** The body as text. */
  readonly text?: RegExp;
  /** The claims of the tokens in the body, by the member that holds the token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Headers of the response; null for one that must be absent. */
  readonly carries?: Readonly<Record<string, RegExp | null>>;
  /**
   * Keeps what later steps use by name: a member of the body (`0.id` of a list), a header (`header etag`), or a claim of
   * a token in the body (`claim accessToken.sid`).
   */
  readonly keep?: Readonly<Record<string, string>>;
}

/** Requests that follow each other. Every story has a world of its own: its own users and scopes. */
export type Story = readonly Step[];

/** A sentence of docs/contract.md, known by its beginning, and the cases that hold it. */
export interface Sentence {
  readonly says: string;
  readonly cases?: readonly Story[];
  /** Cases that need another service than the shared one: started with these settings, on its own database. */
  readonly configured?: readonly {
    readonly with: Readonly<Record<string, string>>;
    readonly cases: readonly Story[];
  }[];
  /** What a story cannot tell, such as requests at the same time: what is checked, and how. */
  readonly checks?: Readonly<Record<string, (service: TestService) => Promise<void>>>;
  /** Suites that hold it, or the rest of it, where single requests cannot. */
  readonly heldBy?: readonly string[];
}

/** Shorthand for one step. */
export const step = (as: Who, ask: string, rest: Omit<Step, 'as' | 'ask'>): Step => ({ as, ask, ...rest });
/** A sign-in of `{own}`. */
export const signIn = (
  password: string,
  status: number,
  rest: Omit<Step, 'as' | 'ask' | 'send' | 'status'> = {},
): Step => step('anyone', 'POST /token', { send: { login: '{login}', password }, status, ...rest });
/** Failed logins of `{own}`. */
export const failedLogins = (count: number): Story =>
  Array.from({ length: count }, () => signIn('a wrong password', 401, { message: 'Invalid credentials' }));
/** The headers of a request from where `{own}` has signed in. Other requests come from elsewhere. */
export const AT_HOME = { headers: { 'x-forwarded-for': HOME } } as const;
/** A refresh of `{own}`, with the refresh token that it began with or one that an earlier step has kept. */
export const refresh = (rest: Omit<Step, 'as' | 'ask' | 'send'>, refreshToken = '{refreshToken}'): Step =>
  step('anyone', 'POST /token/refresh', { send: { refreshToken }, ...rest });
/** A request with a token that an earlier step has kept. */
export const withToken = (name: string, ask: string, rest: Omit<Step, 'as' | 'ask' | 'headers'>): Step =>
  step('anyone', ask, { headers: { authorization: `Bearer {${name}}` }, ...rest });
/** The response to most requests that are refused. */
export const DENIED = { status: 403, message: 'Access is denied' } as const;
/** The response to a request without a valid token. */
export const UNAUTHORIZED = { status: 401, message: 'Unauthorized' } as const;
/** The header of a request with a token that an earlier step has kept as `{kept}`. */
export const WITH_KEPT = { authorization: 'Bearer {kept}' } as const;
/** The actions that a client has, by number. */
export const CLIENT_ACTIONS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17];
/** Field messages that clients know. */
export const LOGIN_LENGTH = 'Field cannot be empty. The length of login should be from 3 to 128 symbols.';
export const LOGIN_ALPHABET =
  'Login can contain only lowercase or uppercase letters, numbers, and some special symbols (_@.)';
export const passwordLength = (least = 8): string =>
  `Password can contain only from ${least} to 128 symbols!`;
