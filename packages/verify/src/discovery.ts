import { VerifyError } from './errors.js';
import { type Fetch, isObject, requestJson } from './http.js';

/** Where the issuer has what a verifier needs. */
export interface Metadata {
  readonly keys: string;
  readonly introspection: string | undefined;
  readonly revocationFeed: string | undefined;
}

const LIMITS = { mostBytes: 64 * 1024 };
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks an issuer: an https URL, or http to a loopback address, without a query or a fragment (RFC 8414 §2).
 *
 * @throws {TypeError}
 */
export function readIssuer(issuer: string): URL {
  let url: URL;
  try {
    url = new URL(issuer);
  } catch {
    throw new TypeError('issuer is not a URL: it is the JWT_ISSUER of Hivegate');
  }
  if (!isSafe(url)) throw new TypeError('issuer is not of https: http is for loopback addresses only');
  if (url.username !== '' || url.password !== '') throw new TypeError('issuer holds a user name or password');
  if (/[?#]/.test(issuer)) throw new TypeError('issuer holds a query or a fragment');
  return url;
}

const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));

/** Where the metadata may be: the place of RFC 8414 first, then appended to the issuer. */
export function metadataUrls({ origin, pathname }: URL): string[] {
  const path = pathname.replace(/\/$/, '');
  const name = '/.well-known/oauth-authorization-server';
  return [...new Set([`${origin}${name}${path}`, `${origin}${path}${name}`])];
}

/**
 * Reads the metadata of the issuer (RFC 8414).
 *
 * @throws {VerifyError} `unavailable`; `misconfigured`: it is there, but not usable
 */
export async function discover(fetch: Fetch, issuer: string, timeout: number): Promise<Metadata> {
  const url = readIssuer(issuer);
  let failure = new VerifyError('unavailable', 'The issuer has no metadata: is JWT_ISSUER its URL?');
  for (const place of metadataUrls(url)) {
    const found = await requestJson(fetch, place, { ...LIMITS, timeout }).catch((error: unknown) => {
      // A proxy may know one place only, and redirect or fail at the other.
      if (error instanceof VerifyError) failure = error;
      else throw error;
    });
    if (found?.status !== 200 || !isObject(found.body)) continue;
    const { body } = found;
    if (body['issuer'] === issuer) return readMetadata(body, url);
    failure = new VerifyError(
      'misconfigured',
      'The metadata names another issuer: issuer must equal JWT_ISSUER',
    );
  }
  throw failure;
}

function readMetadata(body: Readonly<Record<string, unknown>>, issuer: URL): Metadata {
  const keys = endpoint(body, 'jwks_uri', issuer);
  if (keys === undefined)
    throw new VerifyError('misconfigured', 'The issuer publishes no keys: it signs with JWT_SECRET');
  return {
    keys,
    introspection: endpoint(body, 'introspection_endpoint', issuer),
    revocationFeed: endpoint(body, 'revocation_feed_endpoint', issuer),
  };
}

/** All endpoints have the origin of the issuer: tokens are sent to no other. */
function endpoint(body: Readonly<Record<string, unknown>>, name: string, issuer: URL): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && URL.canParse(value)) {
    const url = new URL(value);
    if (url.origin === issuer.origin && isSafe(url)) return url.href;
  }
  throw new VerifyError('misconfigured', `${name} of the metadata is not a URL of the issuer`);
}
