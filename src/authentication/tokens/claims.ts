import { z } from 'zod';
import { ACTIONS } from '../../authorization/action.js';
import type { Grant, Ids } from '../../authorization/grant.js';

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
    /** Expiry. */
    e: z.int(),
    /** {@link TokenType} */
    t: z.enum(TokenType),
  }),
  iss: z.string(),
  sub: z.string(),
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

/** Parses the claims of a token whose signature has been verified. Returns undefined when they have another format. */
export function parseClaims(verified: unknown): Claims | undefined {
  const { success, data } = claims.safeParse(verified);
  return success && data.sub === String(data.payload.u) ? data : undefined;
}

/** Converts claims to a grant. */
export function grantOf({ payload: { a, n, dt } }: Claims): Grant {
  return {
    actions: a,
    ...(n && { networks: parseIds(n) }),
    ...(dt && { deviceTypes: parseIds(dt) }),
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
