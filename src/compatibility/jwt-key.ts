import { SettingsError } from '../settings/settings.js';

/** The fewest bytes of a key, and those below which the log has a warning: HS256 has 32 (RFC 7518 §3.2). */
const FEWEST_BYTES = 16;
/** See {@link FEWEST_BYTES}. */
const ENOUGH_BYTES = 32;

/** Secrets that files of the original publish: its CI, its Kubernetes files, and a seed of its database. */
const PUBLISHED = ['devicehive'];

/** What the original's library takes `=` for, wherever it is. */
const PADDING = 127;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The value of each character that counts. */
const VALUES: ReadonlyMap<string, number> = new Map([
  ...Array.from(ALPHABET, (character, value) => [character, value] as const),
  ['=', PADDING],
]);

/** Whether a secret has a character that the original's library has no value for. */
const isOutsideAscii = (secret: string): boolean => /[^\0-\x7f]/.test(secret);

/**
 * Derives the key that `JWT_SECRET` stands for, as the original's library does (contract.md §9): the secret counts as
 * base64 in the reading of JAXB. That skips characters outside the alphabet, reads `=` before the end as a value, and
 * drops an unfinished group of four.
 *
 * @throws {SettingsError} where that library fails
 */
export function deriveKey(secret: string): Buffer {
  if (isOutsideAscii(secret)) throw unacceptable('characters of ASCII alone');
  const values = Array.from(secret, (character) => VALUES.get(character) ?? []).flat();
  const bytes: number[] = [];
  for (let at = 0; at + 4 <= values.length; at += 4) {
    const [first = 0, second = 0, third = 0, fourth = 0] = values.slice(at, at + 4);
    bytes.push((first << 2) | (second >> 4));
    if (third !== PADDING) bytes.push((second << 4) | (third >> 2));
    if (fourth !== PADDING) bytes.push((third << 6) | fourth);
  }
  // The library reserves room by the length of the text, and fails if that is too little.
  if (bytes.length > roomFor(secret)) throw unacceptable('base64 that is padded to a multiple of four');
  return Buffer.from(bytes.map((byte) => byte & 0xff));
}

/**
 * Checks the key that `JWT_SECRET` stands for.
 *
 * @throws {SettingsError} when the key is short, or everybody knows it
 */
export function refuseWeakKey(secret: string): void {
  if (PUBLISHED.includes(secret)) throw unacceptable('a secret that no file of DeviceHive publishes');
  if (deriveKey(secret).length < FEWEST_BYTES) throw unacceptable(`base64 of ${FEWEST_BYTES} bytes or more`);
}

/** Returns a warning for a key that is accepted although it is short. It does not show the secret. */
export function warningOf(secret: string): string | undefined {
  const { length } = deriveKey(secret);
  if (length >= ENOUGH_BYTES) return undefined;
  return `JWT_SECRET gives a key of ${length} bytes: HS256 should have ${ENOUGH_BYTES} or more`;
}

/** Returns how many bytes the library reserves for the key of a secret. */
function roomFor(secret: string): number {
  const most = Math.floor(secret.length / 4) * 3;
  const padding = /=*$/.exec(secret)?.[0].length ?? 0;
  const last = secret.at(-1 - padding);
  const isPadded = padding <= 2 && (last === undefined || VALUES.has(last));
  return isPadded ? most - padding : most;
}

const unacceptable = (accepted: string) =>
  new SettingsError(`JWT_SECRET is not valid: with COMPATIBILITY=devicehive it accepts ${accepted}`);
