import { isIPv6 } from 'node:net';

/** How many of the eight groups of an IPv6 address name a network: whoever has one address of it has them all. */
const GROUPS_OF_NETWORK = 4;

/**
 * Whom an address stands for: itself in IPv4, its /64 in IPv6. An IPv4 address that is written as IPv6 is the IPv4
 * address.
 */
export function sourceNetworkOf(address: string): string {
  const mapped = /^::ffff:(?<ipv4>[\d.]+)$/i.exec(address)?.groups?.['ipv4'];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::', 2).map((part) => part.replace(/%.*$/, ''));
  const groupsOf = (part: string) => part.split(':').filter((group) => group !== '');
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const omitted = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...omitted, ...after]
    .slice(0, GROUPS_OF_NETWORK)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
