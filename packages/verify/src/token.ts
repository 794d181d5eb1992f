import { compactVerify, type CryptoKey, errors } from 'jose';
import { VerifyError } from './errors.js';
import { isObject } from './http.js';

/** The most characters of a token: Hivegate issues none that is longer. */
const MOST_CHARACTERS = 8192;

/** Refuses what is not UTF-8, and keeps a byte order mark, which JSON does not allow. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An error for a token that is none of the issuer. It says no more: the reason helps only those who forge. */
export const invalid = (): VerifyError => new VerifyError('invalid', 'Unauthorized');

/** A bearer, before its signature is verified. */
export interface Unverified {
  readonly token: string;
  readonly kid: string;
}

/** Checks the form and the header of a token. @throws {VerifyError} `invalid` */
export function readHeader(token: unknown): Unverified {
  if (typeof token !== 'string' || token.length > MOST_CHARACTERS) throw invalid();
  const [, encoded = ''] = /^([\w-]+)\.[\w-]+\.[\w-]+$/.exec(token) ?? [];
  const header = parse(encoded);
  if (!isObject(header)) throw invalid();
  const { alg, typ, kid } = header;
  // Algorithm and type are pinned: a token does not choose how it is verified. There are no extensions.
  if (alg !== 'ES256' || !isAccessToken(typ) || typeof kid !== 'string') throw invalid();
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) throw invalid();
  return { token, kid };
}

/** Verifies the signature, and returns the claims. @throws {VerifyError} `invalid` */
export async function verifySignature({ token }: Unverified, key: CryptoKey): Promise<unknown> {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: ['ES256'] });
    return JSON.parse(DECODER.decode(payload)) as unknown;
  } catch (error) {
    const isOfToken =
      error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError;
    throw isOfToken ? invalid() : error;
  }
}

/** `typ` is a media type: its case is ignored, and `application/` may be left out (RFC 7515 §4.1.9). */
const isAccessToken = (typ: unknown): boolean =>
  typeof typ === 'string' && typ.toLowerCase().replace(/^application\//, '') === 'at+jwt';

function parse(encoded: string): unknown {
  try {
    const bytes = Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    );
    return JSON.parse(DECODER.decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
