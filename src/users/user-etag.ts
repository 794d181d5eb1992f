import { hash } from 'node:crypto';
import type { Network } from '../access-scopes/networks/network.entity.js';
import { recordTagOf } from '../http/etag.js';
import type { User } from './user.entity.js';

/** Characters of the hash of the networks: 96 bits. */
const HASH_LENGTH = 16;

/**
 * Returns the entity tag of the published user (contract.md §3): the record tag, `lastLogin` in base 36, and, of a user
 * who has networks, a hash of their ids and versions.
 */
export function entityTagOf(user: User, networks: readonly Network[]): string {
  const tag = `${recordTagOf(user)}-${user.lastLogin?.getTime().toString(36) ?? ''}`;
  if (networks.length === 0) return tag;
  // The ids are never reused, and a version names one name and description.
  const versions = networks.map(recordTagOf).join();
  return `${tag}-${hash('sha256', versions, 'base64url').slice(0, HASH_LENGTH)}`;
}
