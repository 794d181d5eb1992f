import { hash } from 'node:crypto';
import type { Network } from '../access-scopes/networks/network.entity.js';
import { recordTagOf } from '../http/etag.js';
import type { User } from './user.entity.js';

/** The longest list of networks that is not hashed, in characters: a few networks. */
const LONGEST_LIST = 40;
/** Characters of the hash of a longer one: 96 bits. */
const HASH_LENGTH = 16;

/**
 * Returns the entity tag of the published user (contract.md §3): the record tag, `lastLogin` in base 36, and the networks
 * of a user who has some.
 */
export function entityTagOf(user: User, networks: readonly Network[]): string {
  const tag = `${recordTagOf(user)}-${user.lastLogin?.getTime().toString(36) ?? ''}`;
  return networks.length === 0 ? tag : `${tag}-${networksTagOf(networks)}`;
}

/**
 * Tells networks by their ids, which are never reused, and their versions, each of which has one name and description. A
 * list always has a full stop, a hash never.
 */
function networksTagOf(networks: readonly Network[]): string {
  const list = networks.map(recordTagOf).join('_');
  return list.length <= LONGEST_LIST ? list : hash('sha256', list, 'base64url').slice(0, HASH_LENGTH);
}
