import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { Action, ACTIONS, ACTIONS_OF } from '../authorization/action.js';
import { Role } from '../authorization/role.js';
import type { Dialect, OriginalToken } from '../dialect/dialect.js';
import type { Settings } from '../settings/settings.js';
import { deriveKey } from './jwt-key.js';

/** The original signs with this algorithm alone. */
const ALGORITHM = 'HS256';

const ids = z.array(z.string().regex(/^(?:\*|\d{1,16})$/)).nullish();

/** The header of a token of the original. */
const header = z.strictObject({ alg: z.literal(ALGORITHM), typ: z.literal('JWT').optional() });

/** All claims of an access token of the original: tokens of this service have others, too. */
const claims = z.strictObject({
  payload: z.strictObject({
    /** User id. */
    u: z.int().positive(),
    /** Actions; null or absent: none. */
    a: z.array(z.int()).nullish(),
    /** Network ids; null counts as absent. */
    n: ids,
    /** Device type ids; null counts as absent. */
    dt: ids,
    /** Expiry, in milliseconds. */
    e: z.int().nonnegative(),
    /** An access token. */
    t: z.literal(1),
  }),
});

/** Returns the extension point of tokens that the original has issued: nothing, unless the settings accept them. */
export function originalTokens({
  acceptOriginalTokensUntil: until,
  jwtSecret,
}: Settings): Pick<Dialect, 'originalTokens'> {
  if (until === undefined || jwtSecret === undefined) return {};
  const key = createSecretKey(deriveKey(jwtSecret));
  return { originalTokens: { until, read: (token) => readToken(token, key) } };
}

function readToken(token: string, key: KeyObject): OriginalToken | undefined {
  const verified = verify(token, key);
  if (!verified || !header.safeParse(verified.header).success) return undefined;
  const { data } = claims.safeParse(verified.payload);
  if (!data) return undefined;
  const { u, a, n, dt, e } = data.payload;
  return {
    userId: u,
    actions: actionsOf(a ?? [Action.None]),
    ...(n && { networkIds: n }),
    ...(dt && { deviceTypeIds: dt }),
    expiresAt: e,
  };
}

function verify(token: string, key: KeyObject): jwt.Jwt | undefined {
  try {
    return jwt.verify(token, key, { algorithms: [ALGORITHM], complete: true });
  } catch {
    return undefined;
  }
}

/** An empty list means all that a client has. Of others, unknown numbers are left out. */
function actionsOf(numbers: readonly number[]): readonly Action[] {
  if (numbers.length === 0) return ACTIONS_OF[Role.Client];
  const known = ACTIONS.filter((action) => numbers.includes(action));
  return known.length > 0 ? known : [Action.None];
}
