import { LAST_ACTION } from './action.js';
import { isObject } from './http.js';

/** How far the clock of the issuer may be ahead, in milliseconds. */
const CLOCK_TOLERANCE = 60_000;

/** The claims of an access token of Hivegate, checked. */
export interface Claims {
  readonly userId: number;
  /** By number; 0: all. */
  readonly actions: readonly number[];
  readonly networks: Ids;
  readonly deviceTypes: Ids;
  /** Whether the token leaves lists of ids out: only Hivegate knows them. */
  readonly isPartial: boolean;
  readonly session: string;
  /** The administrator who created the token for its user. */
  readonly createdBy: number | undefined;
  /** Milliseconds. */
  readonly expiresAt: number;
  /** Milliseconds; of whole seconds. */
  readonly issuedAt: number;
  /** Milliseconds. */
  readonly notBefore: number;
}

/** Ids, or `*` for all. */
export type Ids = '*' | readonly number[];

/** Reads the claims of a token whose signature is good. Undefined: they are not those of an access token of `issuer`. */
export function readClaims(
  claims: unknown,
  { issuer, audience }: { readonly issuer: string; readonly audience: string | undefined },
): Claims | undefined {
  if (!isObject(claims) || claims['iss'] !== issuer || !isAudience(claims['aud'], audience)) return undefined;
  const { payload, sub, iat, exp, nbf, jti, sid, act } = claims;
  if (!isObject(payload) || typeof jti !== 'string' || !isUuid(sid)) return undefined;
  const { u, a, n, dt, x, e, t } = payload;
  if (t !== 1 || !isInteger(u) || u < 1 || sub !== String(u)) return undefined;
  if (!isInteger(iat) || !isInteger(exp) || !isInteger(e)) return undefined;
  if (nbf !== undefined && typeof nbf !== 'number') return undefined;
  if (!isListOf(a, isAction) || !isIds(n) || !isIds(dt) || !isLeftOut(x, payload)) return undefined;
  if (act !== undefined && !(isObject(act) && typeof act['sub'] === 'string')) return undefined;
  return {
    userId: u,
    actions: a,
    networks: toIds(n),
    deviceTypes: toIds(dt),
    isPartial: x !== undefined,
    session: sid,
    createdBy: act === undefined ? undefined : Number(act['sub']),
    expiresAt: Math.min(exp * 1000, e),
    issuedAt: iat * 1000,
    notBefore: Math.max((nbf ?? 0) * 1000, iat * 1000 - CLOCK_TOLERANCE),
  };
}

function isAudience(aud: unknown, audience: string | undefined): boolean {
  if (audience === undefined) return true;
  return Array.isArray(aud) ? aud.includes(audience) : aud === audience;
}

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isAction = (value: unknown): value is number => isInteger(value) && value >= 0 && value <= LAST_ACTION;
const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^(?:\*|\d{1,16})$/.test(value);
const isUuid = (value: unknown): value is string =>
  typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);

const isListOf = <Item>(value: unknown, is: (item: unknown) => item is Item): value is readonly Item[] =>
  Array.isArray(value) && value.every(is);

const isIds = (value: unknown): value is readonly string[] | undefined =>
  value === undefined || isListOf(value, isId);

/** `x` names the lists that are left out: they must not be there. */
function isLeftOut(x: unknown, payload: Readonly<Record<string, unknown>>): boolean {
  if (x === undefined) return true;
  const isName = (name: unknown): name is 'n' | 'dt' => name === 'n' || name === 'dt';
  return isListOf(x, isName) && x.length > 0 && x.every((name) => payload[name] === undefined);
}

/** An absent list means none. */
function toIds(ids: readonly string[] | undefined): Ids {
  if (ids?.includes('*')) return '*';
  return (ids ?? []).map(Number);
}
