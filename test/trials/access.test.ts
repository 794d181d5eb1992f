import { createSecretKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { METHODS } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ALL_ACTIONS, gate, RULES } from '../properties/access-model.js';
import { type Answer, claimsOf, type Client } from '../support/client.js';
import { DATABASES } from '../support/database.js';
import { encodePart, foreignKey, forge, type ForgersKey, makeClaims, stolenKey } from '../support/forge.js';
import { sendRaw } from '../support/raw.js';
import { routesOf } from '../support/routes.js';
import { readTables, type TableState } from '../support/tables.js';
import { isWhole, note, whole } from './promise.js';
import { ADMINISTRATOR, PASSWORD, ProvenService } from './proven-service.js';

/** Nobody and nothing has this id: whoever is let in finds nothing there, and changes nothing. */
const MISSING = 999_999;
const MISSING_SESSION = randomUUID();

type Claims = Record<string, unknown> & { payload: Record<string, unknown> };
/** A token that must not be taken, and what is said of it. */
interface Forgery {
  readonly name: string;
  readonly token: string;
  readonly message?: string;
}

/** Asks a route about the record of a user, or about what is not there. */
function ask(client: Client, route: string, userId: number): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const url = path
    .replace('/user/{}', `/user/${userId}`)
    .replace('/session/{}', `/session/${MISSING_SESSION}`)
    // Its own session would end, and with it the trial.
    .replace(/\/session$/, method === 'DELETE' ? '/session?except=current' : '/session')
    .replaceAll('{}', String(MISSING));
  const body = route === 'POST /token/create' ? { userId } : {};
  return client.send(method, url, method === 'GET' || method === 'DELETE' ? {} : { body });
}

/** Every field of an object, with something else in its place, and without it. */
function* tampered(
  part: Readonly<Record<string, unknown>>,
  path = '',
): Generator<[string, Record<string, unknown>]> {
  for (const [name, value] of Object.entries(part)) {
    const { [name]: _, ...rest } = part;
    yield [`without ${path}${name}`, rest];
    yield [`${path}${name} changed`, { ...part, [name]: otherThan(value) }];
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [what, inner] of tampered(value as Record<string, unknown>, `${path}${name}.`))
        yield [what, { ...part, [name]: inner }];
  }
}
const sidOf = (token: string) => String(claimsOf(token)['sid']);
function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return `${value}x`;
  return Array.isArray(value) ? [...(value as unknown[]), 0] : 'x';
}

/** Tokens that are as good as `token`, but for one thing. */
async function forgeriesOf(
  token: string,
  refreshToken: string,
  otherSid: string,
  key: ForgersKey,
): Promise<Forgery[]> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  const claims = claimsOf(token) as unknown as Claims;
  const { payload } = claims;
  const signed = (changes: object, by: KeyObject | Uint8Array = key.privateKey, kind: object = {}) =>
    forge({ ...claims, ...changes }, by, { kid: key.kid, ...kind });
  const withPayload = (changes: object) => signed({ payload: { ...payload, ...changes } });
  const without = (name: string) =>
    forge(Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name)), key.privateKey, {
      kid: key.kid,
    });
  const foreign = await foreignKey();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
  const jwk = foreign.publicKey.export({ format: 'jwk' });
  const bytes = Buffer.from(signature, 'base64url');
  const past = Math.floor(Date.now() / 1000) - 1;
  const flipped = (index: number) => {
    const copy = Buffer.from(bytes);
    copy[index] = (copy[index] ?? 0) ^ 1;
    return copy.toString('base64url');
  };
  const secretOf = (secret: string | Buffer) => createSecretKey(Buffer.from(secret));

  return [
    // ASVS 9.1.1: what is signed, and the signature.
    ...[...tampered(header)].map(([name, part]) => ({
      name: `header ${name}`,
      token: `${encodePart(part)}.${body}.${signature}`,
    })),
    ...[...tampered(claims)].map(([name, part]) => ({
      name,
      token: `${head}.${encodePart(part)}.${signature}`,
    })),
    ...[...bytes.keys()].map((index) => ({
      name: `byte ${index} of the signature`,
      token: `${head}.${body}.${flipped(index)}`,
    })),
    { name: 'no signature', token: `${head}.${body}.` },
    { name: 'half a signature', token: `${head}.${body}.${signature.slice(0, 43)}` },
    { name: 'zeros as signature', token: `${head}.${body}.${Buffer.alloc(64).toString('base64url')}` },
    { name: 'two parts', token: `${head}.${body}` },
    { name: 'four parts', token: `${token}.${signature}` },
    { name: 'nothing', token: '..' },
    // ASVS 9.1.2: the algorithm.
    ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) => ({
      name: `alg ${alg}`,
      token: `${encodePart({ ...header, alg })}.${body}.`,
    })),
    { name: 'the public PEM as secret', token: await signed({}, secretOf(pem), { alg: 'HS256' }) },
    {
      name: 'the public JWK as secret',
      token: await signed({}, secretOf(JSON.stringify(key.publicKey.export({ format: 'jwk' }))), {
        alg: 'HS256',
      }),
    },
    { name: 'the key id as secret', token: await signed({}, secretOf(key.kid.padEnd(32)), { alg: 'HS256' }) },
    { name: 'RS256', token: await signed({}, rsa, { alg: 'RS256' }) },
    { name: 'PS256', token: await signed({}, rsa, { alg: 'PS256' }) },
    { name: 'ES384', token: await signed({}, p384, { alg: 'ES384' }) },
    // ASVS 9.1.3: the key.
    { name: 'another key', token: await signed({}, foreign.privateKey) },
    { name: 'another key by its own id', token: await signed({}, foreign.privateKey, { kid: foreign.kid }) },
    {
      name: 'a key that it brings along',
      token: await signed({}, foreign.privateKey, { kid: foreign.kid, jwk }),
    },
    {
      name: 'a key from elsewhere',
      token: await signed({}, foreign.privateKey, {
        jku: 'http://127.0.0.1:9/jwks.json',
        x5u: 'http://127.0.0.1:9/',
      }),
    },
    ...['', '../../etc/passwd', "' OR '1'='1", '__proto__', 'x'.repeat(500)].map((kid) => ({
      name: `kid ${kid.slice(0, 20)}`,
      token: `${encodePart({ ...header, kid })}.${body}.${signature}`,
    })),
    // ASVS 9.2.1: the time. The key is ours from here on: somebody has stolen it, and claims what we never would.
    { name: 'expired', token: await signed({ exp: past }), message: 'Token expired' },
    { name: 'not valid yet', token: await signed({ nbf: past + 600 }) },
    // ASVS 9.2.2: the type.
    { name: 'a refresh token', token: refreshToken },
    { name: 'the header of a refresh token', token: await signed({}, key.privateKey, { typ: 'rt+jwt' }) },
    { name: 'no type in the header', token: await signed({}, key.privateKey, { typ: undefined }) },
    { name: 'the key of refresh tokens', token: await signed({}, key.refreshKey, { alg: 'HS256' }) },
    { name: 'a third type', token: await withPayload({ t: 2 }) },
    // Whose it is.
    { name: 'another issuer', token: await signed({ iss: 'somebody else' }) },
    { name: 'nobody', token: await withPayload({ u: MISSING }) },
    {
      name: 'nobody, twice',
      token: await signed({ sub: String(MISSING), payload: { ...payload, u: MISSING } }),
    },
    { name: 'a session that is not there', token: await signed({ sid: MISSING_SESSION }) },
    { name: "another user's session", token: await signed({ sid: otherSid }) },
    { name: 'another subject', token: await signed({ sub: '1.0' }) },
    ...(await Promise.all(
      [...Object.keys(claims)]
        .filter((name) => name !== 'nbf')
        .map(async (name) => ({ name: `signed without ${name}`, token: await without(name) })),
    )),
    { name: 'a user as text', token: await withPayload({ u: '1' }) },
    { name: 'an unknown action', token: await withPayload({ a: [99] }) },
    { name: 'actions as text', token: await withPayload({ a: '*' }) },
  ];
}

/** Without the mark of users who have ended all their sessions: the routes of sessions are among those that are asked. */
const withoutMark = ({ users, ...tables }: TableState) => ({
  ...tables,
  users: users.map((user) => ({ ...user, original_tokens_ended: undefined })),
});

describe('Access is exactly the contract', () => {
  it.for(isWhole ? DATABASES : (['sqlite'] as const))(
    'ASVS 8.2.1, 8.2.2, 8.3.1: each route, role, action and record, on %s',
    async (kind, { task }) => {
      const service = await ProvenService.start({ kind });
      const document = (await service.client.get('/swagger.json')).body as { paths: Record<string, object> };
      const routes = routesOf(document.paths);
      const clientId = await service.createUser('ada');
      const ada = await service.client.signIn({ login: 'ada', password: PASSWORD });
      const key = await stolenKey(service.database);
      const before = await readTables(service.database);

      const wrong: string[] = [];
      let asked = 0;
      for (const [role, userId, token = ''] of [
        [0, 1, service.admin.token],
        [1, clientId, ada.body.accessToken as string],
      ] as const) {
        const sid = sidOf(token);
        for (const actions of [...ALL_ACTIONS.map((action) => [action]), []]) {
          const client = service.client.as(
            await forge(
              makeClaims({ userId, sid, actions, networks: ['*'], deviceTypes: ['*'] }),
              key.privateKey,
              { kid: key.kid },
            ),
          );
          for (const route of routes) {
            const rule = RULES[route];
            if (!rule) throw new Error(`${route} is not in the contract`);
            for (const record of [userId, MISSING]) {
              const isOwn = route.includes(' /user/current') || record === userId;
              // An administrator would delete and change what is its own.
              if (isOwn && role === 0 && /^(?:DELETE|PUT|PATCH) \/user\/\{\}(?!\/session)/.test(route))
                continue;
              const caller = { token: 'good', actions, user: { role, status: 0 } } as const;
              // A client without networks reaches none (contract.md §4).
              const isBeyond = role === 1 && route === 'GET /network/{}';
              const expected = gate(rule, caller, isOwn) ?? (isBeyond ? { status: 403 } : undefined);
              const { status, body } = await ask(client, route, record);
              asked += 1;
              const isDenied = status === 401 || (status === 403 && body?.message === 'Access is denied');
              if (isDenied !== (expected !== undefined) || (expected && status !== expected.status))
                wrong.push(`${route} of ${record} with [${actions.join()}] as ${role}: ${status}`);
            }
          }
        }
      }
      // Whatever else a path may be asked with is no way around.
      for (const [path, operations] of Object.entries(document.paths)) {
        const url = path.replaceAll(/\{\w+\}/g, String(MISSING));
        const documented = Object.keys(operations).map((method) => method.toUpperCase());
        for (const method of METHODS) {
          if (documented.includes(method) || ['HEAD', 'CONNECT'].includes(method)) continue;
          const { status, headers } = await sendRaw(
            service.client.baseUrl,
            `${method} ${url} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
          );
          asked += 1;
          const allow = headers
            .get('allow')
            ?.split(', ')
            .filter((name) => name !== 'HEAD');
          if (status !== 405 || [...(allow ?? [])].sort().join() !== [...documented].sort().join())
            wrong.push(`${method} ${url}: ${status}, Allow: ${headers.get('allow') ?? ''}`);
        }
      }
      const after = await readTables(service.database);
      note(
        { task },
        {
          tried: `${routes.length} routes of the document × 2 roles × ${ALL_ACTIONS.length + 1} sets of actions × own and other records, and every other method: ${whole(asked)} requests, ${kind}`,
          seen: `${wrong.length} answered otherwise than the contract; every table as it was`,
        },
      );
      await service.remove();
      expect(wrong).toEqual([]);
      expect([...routes].sort()).toEqual(Object.keys(RULES).sort());
      expect(withoutMark(after)).toEqual(withoutMark(before));
    },
  );

  it('ASVS 9.1.1, 9.1.2, 9.1.3, 9.2.1, 9.2.2: no token is taken that is not ours, unchanged, in time', async ({
    task,
  }) => {
    const service = await ProvenService.start();
    const { paths } = (await service.client.get('/swagger.json')).body as { paths: Record<string, object> };
    const routes = routesOf(paths)
      .filter((route) => RULES[route]?.who !== 'anyone')
      .filter((_, index) => isWhole || index % 8 === 0);
    const { body } = await service.client.signIn(ADMINISTRATOR);
    const tokens = body as { accessToken: string; refreshToken: string };
    await service.createUser('ada');
    const ada = await service.client.signIn({ login: 'ada', password: PASSWORD });
    const key = await stolenKey(service.database);
    const forgeries = await forgeriesOf(
      tokens.accessToken,
      tokens.refreshToken,
      sidOf(ada.body.accessToken as string),
      key,
    );
    const before = await readTables(service.database);
    const taken: string[] = [];
    for (const { name, token, message = 'Unauthorized' } of forgeries) {
      const client = service.client.as(token);
      for (const route of routes) {
        const answer = await ask(client, route, 1);
        const isRefused =
          answer.status === 401 &&
          answer.body?.message === message &&
          answer.headers.get('www-authenticate') ===
            (/\S/.test(token) ? 'Bearer error="invalid_token"' : 'Bearer');
        if (!isRefused) taken.push(`${name}, ${route}: ${answer.text}`);
      }
      if (name === 'a refresh token') continue;
      const { status } = await service.client.refresh(token);
      if (status !== 401) taken.push(`${name} as refresh token: ${status}`);
    }
    const asRefresh = await service.client.refresh(tokens.accessToken);
    const after = await readTables(service.database);
    const control = await service.client.as(tokens.accessToken).get('/user/current');
    note(
      { task },
      {
        tried: `${forgeries.length} forged tokens (each field and each byte of the signature changed, \`alg\` games, other keys, expired, refresh for access) × ${routes.length + 1} routes`,
        seen: `${taken.length} taken; every table as it was; the token that they were made from is`,
      },
    );
    await service.remove();
    expect(taken).toEqual([]);
    expect(after).toEqual(before);
    expect([asRefresh.status, asRefresh.body]).toEqual([401, { error: 401, message: 'Invalid token type' }]);
    expect(control.status).toBe(200);
  });
});
