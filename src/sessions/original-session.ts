import { createHash } from 'node:crypto';

/** The namespace of the ids (RFC 9562 §5.5): a random UUID. */
const NAMESPACE = '6f0c1b1e-54b5-4e0f-9d2a-8f6d6f3a7c41';

/**
 * Returns the id of the session that all tokens of the original stand for that a user has (contract.md §9). It is a UUID
 * of version 5: no other session has it, since their ids are random ones, of version 4.
 */
export function originalSessionOf(userId: number): string {
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(`user/${userId}`)
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
