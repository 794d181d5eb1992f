import { spawn, spawnSync } from 'node:child_process';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import { createVerifier as createFastVerifier } from 'fast-jwt';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { passportJwtSecret } from 'jwks-rsa';
import { Authenticator } from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { createVerifier } from '../../../packages/verify/src/index.js';
import { Client } from '../../support/client.js';

/** What each verifier is told: all else it finds by itself. */
export interface Trusted {
  readonly issuer: string;
  readonly audience: string;
}

/** A verifier that has been started. */
export interface Started {
  /** Whether each of the tokens is good. */
  readonly verdicts: (tokens: readonly string[]) => Promise<boolean[]>;
  readonly close?: () => void;
}

/** Starts a verifier. `token`: a good one, for those that read the feed. */
export type Start = (trusted: Trusted, token: string) => Promise<Started> | Started;

/** Asks of one token after the other: a rejected promise is a refusal. */
const oneByOne = (verify: (token: string) => Promise<unknown>, close?: () => void): Started => ({
  async verdicts(tokens) {
    const verdicts: boolean[] = [];
    for (const token of tokens)
      verdicts.push(
        await verify(token).then(
          () => true,
          () => false,
        ),
      );
    return verdicts;
  },
  ...(close && { close }),
});

/** The keys of an issuer, by discovery: what the libraries that know no discovery leave to their users. */
async function jwksUriOf(issuer: string): Promise<string> {
  const response = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
  const metadata = (await response.json()) as { readonly issuer: string; readonly jwks_uri: string };
  if (metadata.issuer !== issuer) throw new Error('The metadata of another issuer');
  return metadata.jwks_uri;
}

const ours: Start = async ({ issuer, audience }, token) => {
  const verifier = createVerifier({ issuer, audience, feed: () => token });
  await verifier.ready();
  return oneByOne(
    (wanted) => verifier.verify(wanted),
    () => {
      verifier.close();
    },
  );
};

const jose: Start = async ({ issuer, audience }) => {
  const keys = createRemoteJWKSet(new URL(await jwksUriOf(issuer)));
  const requiredClaims = ['exp', 'iat', 'sub', 'jti', 'sid'];
  const options = { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'], requiredClaims };
  return oneByOne((token) => jwtVerify(token, keys, options));
};

/** It takes keys as PEM only, so the JWK set has to be fetched and converted: with `get-jwks`, or with these lines. */
const fastJwt: Start = async ({ issuer, audience }) => {
  const jwksUri = await jwksUriOf(issuer);
  const { keys } = (await (await fetch(jwksUri)).json()) as { keys: JsonWebKey[] };
  const verify = createFastVerifier({
    key: ({ header }: { header: Record<string, unknown> }) => {
      const jwk = keys.find((key) => key['kid'] === header['kid']);
      if (!jwk) return Promise.reject(new Error('No such key'));
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      return Promise.resolve(key.export({ type: 'spki', format: 'pem' }).toString());
    },
    algorithms: ['ES256'],
    allowedIss: issuer,
    allowedAud: audience,
    checkTyp: 'at+jwt',
    requiredClaims: ['exp', 'iat', 'iss', 'aud', 'sub', 'jti', 'sid'],
  });
  return oneByOne(async (token) => verify(token) as Promise<unknown>);
};

/** Does the discovery itself. Its `strict` mode wants the claim `client_id`, which the tokens lack. */
const expressBearer: Start = ({ issuer, audience }) => {
  const app = express();
  const typ = (value: unknown) => value === 'at+jwt';
  app.use(auth({ issuerBaseURL: issuer, audience, validators: { typ } }));
  return serving(app);
};

/** Its keys come from jwks-rsa. It has no option for the type of a token. */
const passportJwt: Start = async ({ issuer, audience }) => {
  const passport = new Authenticator();
  passport.use(
    new Strategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKeyProvider: passportJwtSecret({
          jwksUri: await jwksUriOf(issuer),
          cache: true,
          rateLimit: true,
        }),
        algorithms: ['ES256'],
        issuer,
        audience,
      },
      (claims: { sub: string }, done: (error: null, user: object) => void) => {
        done(null, claims);
      },
    ),
  );
  const app = express();
  app.use(passport.authenticate('jwt', { session: false }) as RequestHandler);
  return serving(app);
};

/** Listens with an Express application, and sends the tokens to it. */
async function serving(app: ReturnType<typeof express>): Promise<Started> {
  app.use((_request, response) => {
    response.sendStatus(204);
  });
  app.use(((error: { status?: number }, _request, response, _next) => {
    response.sendStatus(error.status ?? 500);
  }) satisfies ErrorRequestHandler);
  const server = createServer(app as RequestListener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return oneByOne(
    async (token) => {
      const { status } = await client.as(token).get('/');
      if (status !== 204) throw new Error(String(status));
    },
    () => void server.close(),
  );
}

/** Debian's Python has the package python3-jwt; another Python in the path may not. */
const PYTHON = '/usr/bin/python3';

const pyJwt: Start = ({ issuer, audience }) => ({
  async verdicts(tokens) {
    const child = spawn(PYTHON, ['test/e2e/verifiers/pyjwt.py', issuer, audience], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdin.end(tokens.map((token) => `${token}\n`).join(''));
    await once(child, 'close');
    return output
      .trim()
      .split('\n')
      .map((line) => line === 'true');
  },
});

/** Whether PyJWT is there; says so if it is not. */
export function hasPyJwt(): boolean {
  const has = spawnSync(PYTHON, ['-c', 'import jwt, cryptography']).status === 0;
  if (!has)
    process.stdout.write('PyJWT was not tested: `apt-get install python3-jwt python3-cryptography`\n');
  return has;
}

/** The name of our own. */
export const OURS = '@hivegate/verify';

/** Our verifier, and those that others wrote. */
export const VERIFIERS = {
  [OURS]: ours,
  jose,
  'fast-jwt': fastJwt,
  'express-oauth2-jwt-bearer': expressBearer,
  'passport-jwt': passportJwt,
  'python3-jwt': pyJwt,
} satisfies Readonly<Record<string, Start>>;
/** One of {@link VERIFIERS}. */
export type VerifierName = keyof typeof VERIFIERS;
