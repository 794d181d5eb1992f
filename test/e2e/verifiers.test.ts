import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import { createVerifier } from 'fast-jwt';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { passportJwtSecret } from 'jwks-rsa';
import { Authenticator } from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../support/client.js';
import { TestService, type TestUser } from '../support/service.js';

/*
 * Verifiers that others wrote, each started from the URL of the JWKS alone and with its least configuration: the key
 * keeps refresh tokens out, and nobody has to think of the type. A service that wants to check the type as well (RFC
 * 9068 §4) passes `typ: 'at+jwt'` to jose, `checkTyp: 'at+jwt'` to fast-jwt, and
 * `validators: { typ: (typ) => typ === 'at+jwt' }` to express-oauth2-jwt-bearer; passport-jwt has no such option.
 */

const ISSUER = 'hivegate';

let service: TestService;
let user: TestUser;
let jwksUri: string;
const closing: (() => void)[] = [];
beforeAll(async () => {
  service = await TestService.start();
  user = await service.createUser();
  jwksUri = `${service.client.baseUrl}/.well-known/jwks.json`;
});
afterAll(async () => {
  for (const close of closing) close();
  await service.stop();
});

/** Verifies a token, and returns the id of its user. Rejects a token that is not valid. */
type Verify = (token: string) => Promise<unknown>;

/** It takes any algorithm that the keys of the JWKS are for: theirs names ES256. */
function jose(): Verify {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  return async (token) => (await jwtVerify(token, keys, { issuer: ISSUER })).payload.sub;
}

/** It takes keys as PEM only, so the JWKS has to be fetched and converted: with `get-jwks`, or with these lines. */
function fastJwt(): Verify {
  const pemOf = async (kid: unknown): Promise<string> => {
    const { keys } = (await (await fetch(jwksUri)).json()) as { keys: JsonWebKey[] };
    const jwk = keys.find((key) => key['kid'] === kid);
    if (!jwk) throw new Error('No such key');
    return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
  };
  const verify = createVerifier({
    key: ({ header }: { header: Record<string, unknown> }) => pemOf(header['kid']),
    allowedIss: ISSUER,
  });
  return async (token) => ((await verify(token)) as { sub: string }).sub;
}

/**
 * It insists on an audience, and tokens have none (docs/security.md): `validators.aud: false` turns the check off, and
 * what `audience` says is then not used. Its `strict` mode wants the claim `client_id`, which the tokens lack.
 */
async function expressBearer(): Promise<Verify> {
  const app = express();
  app.use(auth({ jwksUri, issuer: ISSUER, audience: 'not used', validators: { aud: false } }));
  app.get('/', ((request, response) => {
    response.json({ sub: request.auth?.payload.sub });
  }) satisfies RequestHandler);
  return serving(app);
}

/** Its `secretOrKeyProvider` comes from jwks-rsa, which caches keys. The algorithms have to be named. */
async function passportJwt(): Promise<Verify> {
  const passport = new Authenticator();
  passport.use(
    new Strategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKeyProvider: passportJwtSecret({ jwksUri, cache: true, rateLimit: true }),
        algorithms: ['ES256'],
        issuer: ISSUER,
      },
      (claims: { sub: string }, done: (error: null, user: object) => void) => {
        done(null, claims);
      },
    ),
  );
  const app = express();
  app.use(passport.authenticate('jwt', { session: false }) as RequestHandler);
  app.get('/', (request, response) => {
    response.json(request.user);
  });
  return serving(app);
}

/** Listens with an Express application that responds with the `sub` of the bearer, and asks it. */
async function serving(app: ReturnType<typeof express>): Promise<Verify> {
  app.use(((error: { status?: number }, _request, response, _next) => {
    response.sendStatus(error.status ?? 500);
  }) satisfies ErrorRequestHandler);
  const server = createServer(app as RequestListener).listen(0, '127.0.0.1');
  closing.push(() => void server.close());
  await once(server, 'listening');
  const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async (token) => {
    const { status, body } = await client.as(token).get('/');
    if (status !== 200) throw new Error(String(status));
    return body.sub as unknown;
  };
}

describe.each([
  ['jose', jose, /Unsupported "alg" value/, /signature verification failed/],
  ['fast-jwt', fastJwt, /algorithm/i, /signature/i],
  ['express-oauth2-jwt-bearer', expressBearer, /^401$/, /^401$/],
  ['passport-jwt with jwks-rsa', passportJwt, /^401$/, /^401$/],
])('%s, with the URL of the keys and the issuer', (_name, start, refusesType, refusesSignature) => {
  let verify: Verify;
  beforeAll(async () => {
    verify = await start();
  });

  it('accepts an access token', async () => {
    expect(await verify(user.accessToken)).toBe(String(user.id));
  });

  it('refuses the refresh token of the same sign-in (ASVS 9.2.2)', async () => {
    await expect(verify(user.refreshToken)).rejects.toThrow(refusesType);
    const [header] = user.accessToken.split('.');
    const [, payload, signature] = user.refreshToken.split('.');
    await expect(verify(`${header}.${payload}.${signature}`)).rejects.toThrow();
  });

  it('refuses the access token with one byte flipped (ASVS 9.1.1)', async () => {
    const [header, payload, signature = ''] = user.accessToken.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    const flipped = `${header}.${payload}.${bytes.toString('base64url')}`;
    await expect(verify(flipped)).rejects.toThrow(refusesSignature);
  });
});
