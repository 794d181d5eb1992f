import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Issuer } from '../test/issuer.js';
import { VerifyError, type VerifyErrorCode } from './errors.js';
import type { FeedStatus } from './feed.js';
import { createVerifier, type VerifierOptions } from './verifier.js';

/*
 * What a real Hivegate does not do on demand: the rest is in test/packages/verify.test.ts.
 */

function verifierOf(issuer: Issuer, options: Partial<VerifierOptions> = {}) {
  const verifier = createVerifier({ issuer: issuer.url, ...options });
  onTestFinished(() => {
    verifier.close();
  });
  return verifier;
}

const following = (issuer: Issuer) => ({ feed: () => issuer.token(), maxStaleness: 200 });

/** The code of the error, or `accepted`. */
const verdict = (pending: Promise<unknown>): Promise<VerifyErrorCode | 'accepted'> =>
  pending.then(
    () => 'accepted' as const,
    (error: unknown) => {
      if (!(error instanceof VerifyError)) throw error;
      expect(error.message, 'no token in a message').not.toMatch(/ey[\w-]{10}/);
      return error.code;
    },
  );

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const sidOf = (token: string) => String(decodeJwt(token)['sid']);

describe('createVerifier', () => {
  it.each([
    ['no URL', 'hivegate'],
    ['http beyond the machine', 'http://hivegate.example'],
    ['a look-alike of loopback', 'http://127.0.0.1.example'],
    ['credentials', 'https://ann:secret@hivegate.example'],
    ['a query', 'https://hivegate.example?a'],
    ['a fragment', 'https://hivegate.example#'],
  ])('rejects an issuer with %s, and does not quote it', (_name, issuer) => {
    expect(() => createVerifier({ issuer })).toThrow(TypeError);
    expect(() => createVerifier({ issuer })).not.toThrow('secret');
  });

  it('rejects bounds that are none', () => {
    const issuer = 'https://hivegate.example';
    for (const options of [
      { maxStaleness: 0 },
      { maxStaleness: NaN },
      { whenStale: { acceptFor: Infinity } },
      { whenStale: { acceptFor: -1 } },
      { timeout: 0 },
    ] satisfies Partial<VerifierOptions>[])
      expect(() => createVerifier({ issuer, ...options })).toThrow(TypeError);
  });
});

describe('discovery', () => {
  it('finds the metadata of an issuer with a path, there or appended', async () => {
    const issuer = await Issuer.start('/dh/rest');
    const token = await issuer.token();
    expect(await verdict(verifierOf(issuer).verify(token))).toBe('accepted');
    const there = '/.well-known/oauth-authorization-server/dh/rest';
    expect(issuer.requests[0]).toBe(`GET ${there}`);
    // A web server in front has its own page for everything it does not know.
    issuer.scripts.set(there, () => ({ body: '<html>' }));
    const body = { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` };
    issuer.scripts.set('/dh/rest/.well-known/oauth-authorization-server', () => ({ body }));
    expect(await verdict(verifierOf(issuer).verify(token))).toBe('accepted');
  });

  it.each<[string, (url: string) => object, VerifyErrorCode]>([
    ['another issuer', (url) => ({ issuer: `${url}/`, jwks_uri: `${url}/jwks` }), 'misconfigured'],
    ['no keys', (url) => ({ issuer: url }), 'misconfigured'],
    ['keys elsewhere', (url) => ({ issuer: url, jwks_uri: 'https://other.example/jwks' }), 'misconfigured'],
    [
      'a feed elsewhere',
      (url) => ({ issuer: url, jwks_uri: `${url}/jwks`, revocation_feed_endpoint: 'http://127.0.0.1:9/' }),
      'misconfigured',
    ],
    ['an endless document', () => ({ issuer: 'x'.repeat(100_000) }), 'unavailable'],
  ])('refuses metadata with %s', async (_name, body, code) => {
    const issuer = await Issuer.start();
    const token = await issuer.token();
    issuer.scripts.set('/.well-known/oauth-authorization-server', () => ({ body: body(issuer.url) }));
    expect(await verdict(verifierOf(issuer).verify(token))).toBe(code);
  });

  it('follows no redirect, and waits no longer than it should', async () => {
    const issuer = await Issuer.start();
    const token = await issuer.token();
    const place = '/.well-known/oauth-authorization-server';
    issuer.scripts.set(place, () => ({ status: 302, headers: { location: '/elsewhere' } }));
    expect(await verdict(verifierOf(issuer).verify(token))).toBe('unavailable');
    expect(issuer.requests).not.toContain('GET /elsewhere');
    issuer.scripts.set(place, () => 'silent');
    expect(await verdict(verifierOf(issuer, { timeout: 50 }).verify(token))).toBe('unavailable');
  });

  it('goes on to the second place where the first redirects or breaks off', async () => {
    const issuer = await Issuer.start('/dh/rest');
    const token = await issuer.token();
    const body = { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` };
    issuer.scripts.set('/dh/rest/.well-known/oauth-authorization-server', () => ({ body }));
    for (const first of [{ status: 302, headers: { location: '/elsewhere' } }, undefined]) {
      issuer.scripts.set('/.well-known/oauth-authorization-server/dh/rest', () => first);
      expect(await verdict(verifierOf(issuer).verify(token))).toBe('accepted');
    }
  });

  it('finds a feed that comes with a later version of the issuer', async () => {
    const issuer = await Issuer.start();
    const body = { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` };
    issuer.scripts.set('/.well-known/oauth-authorization-server', () => ({ body }));
    const verifier = verifierOf(issuer, following(issuer));
    await expect(verifier.ready()).rejects.toMatchObject({ code: 'feedStale' });
    issuer.scripts.clear();
    await expect.poll(() => verifier.status.feed, { timeout: 20_000 }).toBe('current');
  });
});

describe('keys', () => {
  it('are asked for once, however many tokens name ids that there are not', async () => {
    const issuer = await Issuer.start();
    const verifier = verifierOf(issuer);
    expect(await verdict(verifier.verify(await issuer.token()))).toBe('accepted');
    const strangers = await Promise.all(
      Array.from({ length: 200 }, () => issuer.token({}, {}, { kid: randomUUID() })),
    );
    const verdicts = await Promise.all(strangers.map((token) => verdict(verifier.verify(token))));
    expect(new Set(verdicts)).toEqual(new Set(['invalid']));
    expect(issuer.requests.filter((request) => request === 'GET /jwks')).toHaveLength(1);
  });

  it('are `unavailable` where they cannot be read, which says nothing of the token, and are not asked for each time', async () => {
    const issuer = await Issuer.start();
    const token = await issuer.token();
    const verifier = verifierOf(issuer);
    issuer.scripts.set('/jwks', () => ({ status: 500 }));
    for (let round = 0; round < 20; round += 1)
      expect(await verdict(verifier.verify(token))).toBe('unavailable');
    expect(issuer.requests.filter((request) => request === 'GET /jwks').length).toBeLessThan(5);
    // What is no token needs no key to be rejected.
    expect(await verdict(verifier.verify('nonsense'))).toBe('invalid');
    issuer.scripts.clear();
    await expect.poll(() => verdict(verifier.verify(token)), { timeout: 10_000 }).toBe('accepted');
  });
});

describe('without a feed', () => {
  it('says so, and accepts a token until it expires', async () => {
    const issuer = await Issuer.start();
    const verifier = verifierOf(issuer);
    await verifier.ready();
    expect(verifier.status.feed).toBe('off');
    const exp = Math.floor(Date.now() / 1000) + 2;
    const token = await issuer.token({ exp });
    const principal = await verifier.verify(token);
    expect(principal).toMatchObject({ userId: 7, actions: [3, 10], networks: [1, 2], deviceTypes: '*' });
    expect(principal.session).toBe(sidOf(token));
    expect(issuer.requests).not.toContain('GET /revocation');
    // Remembered, and yet expired.
    await expect.poll(() => verdict(verifier.verify(token)), { timeout: 10_000 }).toBe('expired');
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
  });

  it('introspects a token that names no ids, once for all who ask, and remembers that for a second at most', async () => {
    const issuer = await Issuer.start();
    const verifier = verifierOf(issuer);
    const token = await issuer.token({}, { n: undefined, x: ['n'] });
    issuer.introspection = {
      ...{ active: true, sub: '7', sid: sidOf(token), username: 'ann', scope: 'GetDevice' },
      ...{ networks: [1, 5], deviceTypes: ['*'] },
    };
    const principals = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(principals[0]).toMatchObject({ login: 'ann', actions: [3], networks: [1, 5], deviceTypes: '*' });
    expect(issuer.requests.filter((request) => request === 'POST /token/introspect')).toHaveLength(1);
    issuer.introspection = { active: false };
    await expect.poll(() => verdict(verifier.verify(token)), { timeout: 10_000 }).toBe('revoked');
    issuer.introspection = { active: true, sub: '8', sid: sidOf(token), scope: '*' };
    expect(await verdict(verifier.verify(token)), 'of another user').toBe('unavailable');
    issuer.scripts.set('/token/introspect', () => ({ status: 503 }));
    expect(await verdict(verifier.verify(token))).toBe('unavailable');
    const late = { body: { active: true, sub: '7', sid: sidOf(token), scope: 'GetDevice' } };
    issuer.scripts.set('/token/introspect', () => pause(1100, late));
    expect(await verdict(verifier.verify(token)), 'a response of more than a second ago').toBe('unavailable');
  });
});

describe('with the feed', () => {
  it('refuses what is revoked, asks of what is narrowed, and begins again after a restore', async () => {
    const issuer = await Issuer.start();
    const verifier = verifierOf(issuer, following(issuer));
    await verifier.ready();
    expect(verifier.status.feed).toBe('current');
    const [token, other] = [await issuer.token(), await issuer.token()];
    expect(await verdict(verifier.verify(token))).toBe('accepted');
    issuer.revoked.push({ sid: sidOf(token), until: inAnHour() });
    await expect.poll(() => verdict(verifier.verify(token))).toBe('revoked');
    issuer.narrowed.push({ sid: sidOf(other), at: new Date().toISOString() });
    issuer.introspection = { active: true, sub: '7', sid: sidOf(other), scope: '*', networks: [] };
    await expect.poll(async () => (await verifier.verify(other)).networks).toEqual([]);
    // A token refreshed later is trusted again.
    const later = await issuer.token({ sid: sidOf(other), iat: Math.floor(Date.now() / 1000) + 1 });
    expect((await verifier.verify(later)).networks).toEqual([1, 2]);

    issuer.epoch = 'another';
    issuer.revoked.splice(0);
    issuer.narrowed.splice(0);
    const restored = await issuer.token();
    issuer.notBefore = new Date(Date.now() - 2000).toISOString();
    await expect.poll(() => verdict(verifier.verify(restored)), { timeout: 10_000 }).toBe('revoked');
    const fresh = await issuer.token({ iat: Math.floor(Date.now() / 1000) });
    expect(await verdict(verifier.verify(fresh))).toBe('accepted');
  });

  it('reads a long feed page by page, and accepts nothing before it knows all of it', async () => {
    const issuer = await Issuer.start();
    const token = await issuer.token();
    const entries = Array.from({ length: 5000 }, () => ({ sid: randomUUID(), until: inAnHour() }));
    entries.push({ sid: sidOf(token), until: inAnHour() });
    issuer.scripts.set('/revocation', ({ url = '' }) => {
      const from = Number(/after=e\.(\d+)/.exec(url)?.[1] ?? 0);
      const revoked = entries.slice(from, from + 1000);
      return { body: { cursor: `e.${from + revoked.length}`, notBefore: null, revoked, narrowed: [] } };
    });
    expect(await verdict(verifierOf(issuer, following(issuer)).verify(token))).toBe('revoked');
  });

  it('does not take a beginning for everything whose pages have lost entries that have expired', async () => {
    const issuer = await Issuer.start();
    const token = await issuer.token();
    issuer.scripts.set('/revocation', ({ url = '' }) => {
      const from = Number(/after=e\.(\d+)/.exec(url)?.[1] ?? 0);
      const revoked = from === 3 ? [{ sid: sidOf(token), until: inAnHour() }] : [];
      return { body: { cursor: `e.${Math.min(from + 1, 4)}`, notBefore: null, revoked, narrowed: [] } };
    });
    expect(await verdict(verifierOf(issuer, following(issuer)).verify(token))).toBe('revoked');
  });

  it.each<[string, unknown]>([
    ['an entry with no time', { cursor: 'a', notBefore: null, revoked: [{ sid: 'x' }], narrowed: [] }],
    ['no list', { cursor: 'a', notBefore: null, revoked: [] }],
    ['HTML', '<html>'],
    ['another form of time', { cursor: 'a', notBefore: 5, revoked: [], narrowed: [] }],
  ])('takes no response with %s', async (_name, body) => {
    const issuer = await Issuer.start();
    issuer.scripts.set('/revocation', () => ({ body }));
    const verifier = verifierOf(issuer, following(issuer));
    expect(await verdict(verifier.verify(await issuer.token()))).toBe('feedStale');
    expect(verifier.status).toMatchObject({ feed: 'stale', reason: 'unavailable' });
    expect(await verdict(verifier.ready())).toBe('feedStale');
  });

  it.each([
    ['refused', () => undefined],
    ['silent', () => 'silent' as const],
    ['rejected', () => ({ status: 401 })],
    ['limited', () => ({ status: 429 })],
  ])('says that it is cut when it is %s, refuses by default, and recovers', async (_name, script) => {
    const issuer = await Issuer.start();
    const seen: FeedStatus[] = [];
    const refusing = verifierOf(issuer, { ...following(issuer), onStatus: (status) => seen.push(status) });
    const going = verifierOf(issuer, { ...following(issuer), whenStale: { acceptFor: 3600 } });
    const token = await issuer.token();
    for (const verifier of [refusing, going]) expect(await verdict(verifier.verify(token))).toBe('accepted');
    issuer.scripts.set('/revocation', script);
    await expect.poll(() => verdict(refusing.verify(token)), { timeout: 10_000 }).toBe('feedStale');
    expect(refusing.status.feed).toBe('stale');
    expect(await verdict(going.verify(token))).toBe('accepted');
    await expect.poll(() => going.status.feed, { timeout: 10_000 }).toBe('stale');
    issuer.scripts.clear();
    await expect.poll(() => verdict(refusing.verify(token)), { timeout: 10_000 }).toBe('accepted');
    expect(seen.map(({ feed }) => feed)).toEqual(['current', 'stale', 'current']);
  });

  it('does not begin again and again where every cursor is refused', async () => {
    const issuer = await Issuer.start();
    let [beginnings, refused] = [0, 0];
    issuer.scripts.set('/revocation', ({ url = '' }) => {
      if (url.includes('after=')) {
        refused += 1;
        return { status: 410 };
      }
      beginnings += 1;
      return { body: { cursor: `e.${beginnings}`, notBefore: null, revoked: [], narrowed: [] } };
    });
    const verifier = verifierOf(issuer, following(issuer));
    await verdict(verifier.verify(await issuer.token()));
    expect(beginnings + refused).toBeLessThan(100);
  });

  it('goes on no longer than its caller says', async () => {
    const issuer = await Issuer.start();
    const verifier = verifierOf(issuer, { ...following(issuer), whenStale: { acceptFor: 1 } });
    const token = await issuer.token();
    await verifier.ready();
    issuer.scripts.set('/revocation', () => undefined);
    await expect.poll(() => verdict(verifier.verify(token)), { timeout: 10_000 }).toBe('feedStale');
    expect(Date.now() - Number(verifier.status.knownUntil)).toBeGreaterThan(1000);
  });

  it('asks for a token before the last one expires and after a 401, once at a time', async () => {
    const issuer = await Issuer.start();
    let asked = 0;
    const verifier = verifierOf(issuer, {
      maxStaleness: 200,
      feed: async () => {
        asked += 1;
        const seconds = Math.floor(Date.now() / 1000);
        return issuer.token({ iat: seconds, exp: seconds + (asked === 1 ? 2 : 600) });
      },
    });
    const token = await issuer.token();
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(asked).toBe(1);
    await expect.poll(() => asked, { timeout: 10_000 }).toBe(2);
    let rejected = 0;
    issuer.scripts.set('/revocation', () => {
      rejected += 1;
      issuer.scripts.clear();
      return { status: 401 };
    });
    await expect.poll(() => rejected).toBe(1);
    await expect.poll(() => asked).toBe(3);
    expect(await verdict(verifier.verify(token))).toBe('accepted');
    expect(verifier.status.feed).toBe('current');
  });

  it('says nothing of what `feed` throws', async () => {
    const issuer = await Issuer.start();
    const verifier = verifierOf(issuer, {
      maxStaleness: 200,
      feed: () => {
        throw new Error('password=secret');
      },
    });
    const error = await verifier.ready().catch((reason: unknown) => reason as VerifyError);
    expect(error).toBeInstanceOf(VerifyError);
    expect(JSON.stringify([String(error), (error as VerifyError).cause ?? null])).not.toContain('secret');
  });
});
