import { ACTIONS } from './action.js';
import type { Claims, Ids } from './claims.js';
import { type Moment, now, since } from './clock.js';
import { VerifyError } from './errors.js';
import { isObject, type JsonResponse } from './http.js';
import { Principal } from './principal.js';

/** How long a response may be used, in milliseconds; less, if `Cache-Control` says so. */
const MOST_AGE = 1000;
const MOST_KEPT = 1000;

interface Kept {
  readonly principal: Promise<Principal>;
  readonly asked: Moment;
  freshFor: number;
}

/** Asks the issuer what a token grants now (RFC 7662). One request for all who ask at the same time. */
export class Introspection {
  readonly #kept = new Map<string, Kept>();

  /** `send`: sends the request, with the token itself as the bearer. */
  constructor(private readonly send: (token: string) => Promise<JsonResponse>) {}

  /** The bearer of a verified token, as it is now. @throws {VerifyError} `revoked` or `unavailable` */
  ask(token: string, claims: Claims): Promise<Principal> {
    const kept = this.#kept.get(token);
    if (kept && since(kept.asked) < kept.freshFor) return kept.principal;
    const asked: Kept = {
      asked: now(),
      freshFor: MOST_AGE,
      principal: this.#ask(token, claims, () => asked),
    };
    // A failure is not kept.
    asked.principal.catch(() => {
      if (this.#kept.get(token) === asked) this.#kept.delete(token);
    });
    this.#kept.delete(token);
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete([...this.#kept.keys()][0] ?? '');
    this.#kept.set(token, asked);
    return asked.principal;
  }

  async #ask(token: string, claims: Claims, kept: () => Kept): Promise<Principal> {
    const { status, headers, body } = await this.send(token);
    // The token may have been revoked since the issuer looked: how long ago that was, nobody can tell.
    if (since(kept().asked) > MOST_AGE)
      throw new VerifyError('unavailable', 'The issuer took too long to introspect the token');
    if (status === 401) throw new VerifyError('revoked', 'Unauthorized');
    if (status !== 200 || !isObject(body) || typeof body['active'] !== 'boolean')
      throw new VerifyError('unavailable', `The issuer did not introspect the token: status ${status}`);
    if (!body['active']) throw new VerifyError('revoked', 'Unauthorized');
    const [, seconds] = /\bmax-age=(\d{1,9})/.exec(headers.get('cache-control') ?? '') ?? [];
    kept().freshFor = Math.min(Number(seconds ?? 0) * 1000, MOST_AGE);
    return principalOf(body, claims);
  }
}

function principalOf(body: Readonly<Record<string, unknown>>, claims: Claims): Principal {
  const { sub, sid, username, scope } = body;
  if (sub !== String(claims.userId) || sid !== claims.session || typeof scope !== 'string')
    throw new VerifyError('unavailable', 'The introspection is that of another token');
  const names = scope.split(' ');
  return new Principal({
    userId: claims.userId,
    login: typeof username === 'string' ? username : undefined,
    actions: Object.entries(ACTIONS)
      .filter(([name]) => names.includes(name))
      .map(([, number]) => number),
    networks: idsOf(body['networks']),
    deviceTypes: idsOf(body['deviceTypes']),
    session: claims.session,
    createdBy: claims.createdBy,
    expiresAt: new Date(claims.expiresAt),
  });
}

function idsOf(value: unknown): Ids {
  if (!Array.isArray(value)) return [];
  return value.includes('*') ? '*' : value.map(Number);
}
