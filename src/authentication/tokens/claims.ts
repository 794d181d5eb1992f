import { z } from 'zod';
import { ACTIONS } from '../../authorization/action.js';
import type { Grant, Ids } from '../../authorization/grant.js';

/** What a token is for. */
export enum TokenType {
  Refresh = 0,
  Access = 1,
}

/** Ids as claims carry them: strings, as the original has it. */
const ids = z.array(z.string().regex(/^(?:\*|\d{1,16})$/)).optional();

/**
 * The claims of a token (contract.md §5): `payload` is the original's, the rest is registered (RFC 7519 §4.1).
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
  /** On refresh tokens: the generation of the password that they were issued under. */
  gen: z.int().optional(),
});

/** See {@link parseClaims}. */
export type Claims = z.infer<typeof claims>;

/** The claims of a token whose signature has been verified; undefined when they are not ours. */
export function parseClaims(verified: unknown): Claims | undefined {
  const { success, data } = claims.safeParse(verified);
  return success && data.sub === String(data.payload.u) ? data : undefined;
}

/** The grant that claims carry. */
export function grantOf({ payload: { a, n, dt } }: Claims): Grant {
  return {
    actions: a,
    ...(n && { networks: parseIds(n) }),
    ...(dt && { deviceTypes: parseIds(dt) }),
  };
}

/** A grant as claims carry it. */
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
