import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { claimsOf } from '../../support/client.js';
import {
  encodePart,
  foreignKey,
  forge,
  forgeRefresh,
  type ForgersKey,
  publicSecrets,
} from '../../support/forge.js';
import type { TestService, TestUser } from '../../support/service.js';
import type { VerifierName } from './verifiers.js';

/** A token, and what the service must say of it. */
export interface Row {
  readonly name: string;
  readonly token: string;
  readonly isGood: boolean;
  /** Verifiers that accept it although the service does not, and why that is allowed. */
  readonly accepted?: { readonly by: readonly VerifierName[]; readonly because: string } | undefined;
  /** Verifiers that are stricter than the service. */
  readonly refused?: { readonly by: readonly VerifierName[]; readonly because: string } | undefined;
}

/** What the tokens are made from. */
export interface Material {
  readonly service: TestService;
  readonly user: TestUser;
  /** The key of the service: with it a token can be signed that the service never issues. */
  readonly key: ForgersKey;
  readonly audience: string;
}

const OTHERS = ['jose', 'fast-jwt', 'express-oauth2-jwt-bearer', 'passport-jwt', 'python3-jwt'] as const;
const without = (...names: readonly VerifierName[]) => OTHERS.filter((name) => !names.includes(name));

/** Only the holder of the service's private key can make such a token, and the service never does. */
const FORM = 'a claim of the form that Hivegate has: its key signs no such token';
const EXTENSION = 'the library ignores this extension; the key signs no such token';
const NO_TYPE = 'the library cannot check the type; the key signs no token of another type';
const PADDING = 'the library ignores padding behind the signature: the token is the same';
const CLOCK = 'the library does not compare `iat` with the clock; the issuer signs no such token';

/** All tokens. */
export async function makeRows({ service, user, key, audience }: Material): Promise<Row[]> {
  const { accessToken, refreshToken } = user;
  const claims: Record<string, unknown> = { ...claimsOf(accessToken), aud: audience };
  const payload = claims['payload'] as Record<string, unknown>;
  const [header = '', body = '', signature = ''] = accessToken.split('.');
  const foreign = await foreignKey();
  const { kid } = key;
  const now = Math.floor(Date.now() / 1000);
  /** Signed by the key of the service. */
  const signed = (
    more: Readonly<Record<string, unknown>> = {},
    head: Readonly<Record<string, unknown>> = {},
    options = {},
  ) => forge({ ...claims, ...more }, key.privateKey, { kid, ...head }, options);
  const withPayload = (more: Readonly<Record<string, unknown>>) =>
    signed({ payload: { ...payload, ...more } });
  /** With a header as it is written here, under a good signature. */
  const withHeader = (text: string) => signRaw(text, JSON.stringify(claims), key.privateKey);
  const good = (name: string, token: string, refused?: Row['refused']): Row => ({
    name,
    token,
    isGood: true,
    refused,
  });
  const bad = (name: string, token: string, accepted?: Row['accepted']): Row => ({
    name,
    token,
    isGood: false,
    accepted,
  });
  const of = (because: string, ...by: readonly VerifierName[]) => ({ by, because });
  const all = (because: string) => of(because, ...OTHERS);

  const created = await service.createToken(user.id, { actions: ['GetDevice'] });
  const own = (await service.client.signIn(user)).body as { accessToken: string };
  const secrets = await publicSecrets(service.client);
  const confused = `${encodePart({ alg: 'HS256', typ: 'at+jwt', kid })}.${encodePart(claims)}`;
  const confusion = (secret: Buffer) =>
    `${confused}.${createHmac('sha256', secret).update(confused).digest('base64url')}`;
  const unsigned = (alg: string, end = '') =>
    `${encodePart({ alg, typ: 'at+jwt', kid })}.${encodePart(claims)}.${end}`;
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ed = generateKeyPairSync('ed25519').privateKey;
  const flipped = Buffer.from(signature, 'base64url');
  flipped[10] = (flipped[10] ?? 0) ^ 1;
  const jwk = foreign.publicKey.export({ format: 'jwk' });
  const tampered = { ...claims, payload: { ...payload, a: [0] } };
  const refreshClaims = { ...claimsOf(refreshToken), aud: audience };

  return [
    good('of a sign-in', accessToken),
    good('of another sign-in', own.accessToken),
    good('created by an administrator', created.accessToken),
    good('of an administrator', service.admin.token ?? ''),
    good('signed again', await signed()),
    good('not valid before a second ago', await signed({ nbf: now - 1 })),
    good(
      'issued in 50 seconds: a clock that is ahead',
      await signed({ iat: now + 50 }),
      of('it allows no clock that is ahead', 'python3-jwt'),
    ),
    good('one audience of several', await signed({ aud: ['https://other.example', audience] })),
    good('with claims that nobody knows', await signed({ nonce: 'x', scope: 'all' })),
    good('with header members that nobody knows', await signed({}, { x: 1 })),

    bad('expired', await signed({ exp: now - 60, payload: { ...payload, e: (now - 60) * 1000 } })),

    bad('expired by `exp` alone', await signed({ exp: now - 60 })),
    bad('expired by `payload.e` alone', await withPayload({ e: Date.now() - 60_000 }), all(FORM)),
    bad('not valid yet', await signed({ nbf: now + 3600 })),
    bad('issued in an hour', await signed({ iat: now + 3600 }), of(CLOCK, ...without('python3-jwt'))),
    bad('without `exp`', await signed({ exp: undefined }), of(FORM, 'passport-jwt')),
    bad(
      'without `iat`',
      await signed({ iat: undefined }),
      of(FORM, 'passport-jwt', 'express-oauth2-jwt-bearer'),
    ),
    bad('with `exp` as text', await signed({ exp: String(now + 600) }), of(FORM, 'python3-jwt')),
    bad('with `iat` as text', await signed({ iat: String(now) }), of(FORM, 'passport-jwt', 'fast-jwt')),
    bad('with a fraction as `exp`', await signed({ exp: now + 600.5 }), all(FORM)),
    bad('of another issuer', await signed({ iss: 'https://other.example' })),
    bad('of the issuer with a slash', await signed({ iss: `${String(claims['iss'])}/` })),
    bad('without issuer', await signed({ iss: undefined })),
    bad('for another audience', await signed({ aud: 'https://other.example' })),
    bad('for no audience', await signed({ aud: undefined })),
    bad('for a part of the audience', await signed({ aud: audience.slice(0, -1) })),

    bad('of another type', await signed({}, { typ: 'JWT' }), of(NO_TYPE, 'passport-jwt')),
    bad('of no type', await signed({}, { typ: undefined }), of(NO_TYPE, 'passport-jwt')),
    bad('an ID token', await signed({}, { typ: 'id_token+jwt' }), of(NO_TYPE, 'passport-jwt')),
    bad('the refresh token', refreshToken),
    bad('the refresh token as an access token', await forgeRefresh(refreshClaims, key, { typ: 'at+jwt' })),
    bad('the claims of the refresh token, signed', await signed(refreshClaims), all(FORM)),
    bad('`payload.t` 0', await withPayload({ t: 0 }), all(FORM)),
    bad('`payload.t` as text', await withPayload({ t: '1' }), all(FORM)),
    bad('another user in `sub` than in `payload.u`', await signed({ sub: '1' }), all(FORM)),
    bad('a user as text', await withPayload({ u: String(user.id) }), all(FORM)),
    bad('no `payload`', await signed({ payload: undefined }), all(FORM)),
    bad('actions as text', await withPayload({ a: '0' }), all(FORM)),
    bad('an action that there is not', await withPayload({ a: [99] }), all(FORM)),
    bad('networks as numbers', await withPayload({ n: [1] }), all(FORM)),
    bad('a list that is there and left out', await withPayload({ n: ['1'], x: ['n'] }), all(FORM)),
    bad(
      'without session',
      await signed({ sid: undefined }),
      of(FORM, 'passport-jwt', 'express-oauth2-jwt-bearer'),
    ),
    bad('a session that is no UUID', await signed({ sid: 'x' }), all(FORM)),

    bad('a byte of the signature flipped', [header, body, flipped.toString('base64url')].join('.')),
    bad('a signature of zeros', [header, body, Buffer.alloc(64).toString('base64url')].join('.')),
    bad(
      'a signature in DER',
      [
        header,
        body,
        sign('sha256', Buffer.from(`${header}.${body}`), key.privateKey).toString('base64url'),
      ].join('.'),
    ),
    bad('no signature', [header, body, ''].join('.')),
    bad('the signature of another token', [header, body, own.accessToken.split('.')[2]].join('.')),
    bad('other rights under the signature', [header, encodePart(tampered), signature].join('.')),
    bad('cut', accessToken.slice(0, -10)),
    bad('two parts', [header, body].join('.')),
    bad('five parts', [header, body, signature, body, signature].join('.')),
    bad('with padding', `${accessToken}==`, of(PADDING, 'jose', 'express-oauth2-jwt-bearer', 'python3-jwt')),
    bad('nonsense', 'nonsense'),

    ...['none', 'None', 'NONE'].map((alg) => bad(`algorithm ${alg}`, unsigned(alg))),
    bad('algorithm none with a signature', unsigned('none', signature)),
    ...secrets
      .slice(0, 6)
      .map((secret, index) => bad(`HS256 with what is public (${index + 1})`, confusion(secret))),
    bad('ES384', await forge(claims, p384, { alg: 'ES384', kid })),
    bad('RS256', await forge(claims, rsa, { alg: 'RS256', kid })),
    bad('EdDSA', await forge(claims, ed, { alg: 'EdDSA', kid })),
    bad('another key', await forge(claims, foreign.privateKey, { kid: foreign.kid })),
    bad('another key under the id of ours', await forge(claims, foreign.privateKey, { kid })),
    bad('another key, in the header', await forge(claims, foreign.privateKey, { kid, jwk })),
    bad(
      'another key, at a URL',
      await forge(claims, foreign.privateKey, { kid: foreign.kid, jku: 'http://127.0.0.1:9/' }),
    ),
    bad(
      'another key, by certificate',
      await forge(claims, foreign.privateKey, { kid, x5u: 'http://127.0.0.1:9/', x5c: ['AAAA'] }),
    ),
    bad('an id of a key that there is not', await signed({}, { kid: randomUUID() })),
    bad('an id of a key that is a path', await signed({}, { kid: '../../../dev/null' })),
    bad(
      'no id of a key',
      await signed({}, { kid: undefined }),
      of('there is one key', 'jose', 'express-oauth2-jwt-bearer', 'passport-jwt'),
    ),

    bad(
      '`crit` with an extension',
      await signed({}, { crit: ['exp'], exp: now + 600 }, { crit: { exp: true } }),
      of(EXTENSION, 'passport-jwt', 'python3-jwt'),
    ),
    bad(
      'an empty `crit`',
      withHeader(`{"alg":"ES256","typ":"at+jwt","kid":"${kid}","crit":[]}`),
      of(EXTENSION, 'passport-jwt', 'python3-jwt'),
    ),
    bad(
      '`b64` false',
      withHeader(`{"alg":"ES256","typ":"at+jwt","kid":"${kid}","b64":false,"crit":["b64"]}`),
      of(EXTENSION, 'passport-jwt'),
    ),
    bad('`b64` true', withHeader(`{"alg":"ES256","typ":"at+jwt","kid":"${kid}","b64":true}`), all(EXTENSION)),
    bad(
      'two algorithms in the header',
      withHeader(`{"alg":"ES256","alg":"none","typ":"at+jwt","kid":"${kid}"}`),
    ),
    bad('a header that is a list', withHeader('["ES256"]')),
    bad(
      'claims that are a list',
      signRaw(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid }), '[]', key.privateKey),
    ),
    bad(
      'claims that are no JSON',
      signRaw(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid }), 'x', key.privateKey),
    ),
    bad(
      'of 60 KB',
      await signed({ filler: 'x'.repeat(45_000) }),
      of('the size is that of Hivegate', 'jose', 'fast-jwt', 'python3-jwt'),
    ),
  ];
}

function signRaw(header: string, claims: string, key: KeyObject): string {
  const signing = [header, claims].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(signing), { key, dsaEncoding: 'ieee-p1363' });
  return `${signing}.${signature.toString('base64url')}`;
}
