import { z } from 'zod';
import { ACTIONS } from '../../authorization/action.js';
import type { Grant, Ids } from '../../authorization/grant.js';

/** How far the clock of another process may be ahead, in milliseconds. */
const CLOCK_TOLERANCE = 60_000;

/** What a token is for. */
export enum TokenType {
  Refresh = 0,
  Access = 1,
}

/** Ids in claims are strings, as in DeviceHive. */
const ids = z.array(z.string().regex(/^(?:\*|\d{1,16})$/)).optional();

/**
 * The claims of a token (contract.md §5). `payload` has DeviceHive's format. The rest, except
 * `rot`, are registered claims (RFC 7519 §4.1; `sid`: OpenID Connect; `act`: RFC 8693).
 * `exp` and `iat` are seconds, `payload.e` milliseconds.
 */
const claims = z.object({
  payload: z.object({
    /** User id. */
    u: z.int().positive(),
    /** Actions. */
    a: z.array(z.literal([...ACTIONS])),
    /** Network ids. */
    n: ids,
    /** Device type ids. */
    dt: ids,
    /** The lists that are left out, because the token would be too long: the ids are those of the session. */
    x: z
      .array(z.enum(['n', 'dt']))
      .nonempty()
      .optional(),
    /** Expiry. */
    e: z.int(),
    /** {@link TokenType} */
    t: z.enum(TokenType),
  }),
  iss: z.string(),
  sub: z.string(),
  /** Absent without `JWT_AUDIENCE`. */
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  iat: z.int(),
  exp: z.int(),
  jti: z.string(),
  /** The session that the token belongs to. */
  sid: z.uuid(),
  /** The administrator who created the session for the user (RFC 8693 §4.1). */
  act: z.object({ sub: z.string() }).optional(),
  /** Only in refresh tokens that have replaced another: the number in the session (`REFRESH_ROTATION`). */
  rot: z.int().positive().optional(),
});

/** See {@link parseClaims}. */
export type Claims = z.infer<typeof claims>;

/** A list of ids in claims. */
export type IdsClaim = 'n' | 'dt';

/**
 * Parses the claims of a token whose signature has been verified. Returns undefined when they have another format, or
 * do not hold now: jsonwebtoken checks `exp` and `nbf` alone.
 */
export function parseClaims(verified: unknown): Claims | undefined {
  const { success, data } = claims.safeParse(verified);
  return success && isConsistent(data) && holdsAt(Date.now(), data) ? data : undefined;
}

function isConsistent({ sub, payload }: Claims): boolean {
  const { u, x = [] } = payload;
  return sub === String(u) && x.every((list) => payload[list] === undefined);
}

const holdsAt = (now: number, { iat, payload }: Claims): boolean =>
  iat * 1000 <= now + CLOCK_TOLERANCE && payload.e > now;

/** Converts claims to a grant. `ofSession`: what the session of the token grants, for lists that are left out. */
export function grantOf({ payload: { a, n, dt, x } }: Claims, ofSession?: Grant): Grant {
  const networks = x?.includes('n') ? ofSession?.networks : n && parseIds(n);
  const deviceTypes = x?.includes('dt') ? ofSession?.deviceTypes : dt && parseIds(dt);
  return { actions: a, ...(networks && { networks }), ...(deviceTypes && { deviceTypes }) };
}

/** Returns claims without lists of ids: `x` names them. */
export function withoutIds(full: Claims, lists: readonly IdsClaim[]): Claims {
  const { a, u, n, dt, ...rest } = full.payload;
  return {
    ...full,
    payload: {
      u,
      a,
      ...(n && !lists.includes('n') && { n }),
      ...(dt && !lists.includes('dt') && { dt }),
      ...(lists.length > 0 && { x: [...lists] }),
      ...rest,
    },
  };
}

/** Converts a grant to claims. */
export function toPayload({
  actions,
  networks,
  deviceTypes,
}: Grant): Pick<Claims['payload'], 'a' | 'n' | 'dt'> {
  return {
    a: sorted(actions),
    ...(networks && { n: formatIds(networks) }),
    ...(deviceTypes && { dt: formatIds(deviceTypes) }),
  };
}

function parseIds(claimed: readonly string[]): Ids {
  return claimed.includes('*') ? '*' : claimed.map(Number);
}

function formatIds(granted: Ids): string[] {
  return granted === '*' ? ['*'] : sorted(granted).map(String);
}

function sorted<N extends number>(numbers: readonly N[]): N[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
