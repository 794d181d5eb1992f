import ipaddr from 'ipaddr.js';

/** Prefix length of an IPv6 network. One client usually controls a whole /64. */
const IPV6_NETWORK_BITS = 64;

/**
 * Returns the network of an address, as the key of a rate limit: the address itself for IPv4, its /64 for IPv6.
 * IPv4-mapped IPv6 addresses count as IPv4. Returns text that is not an address unchanged.
 */
export function sourceNetworkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const { parts } = parsed as ipaddr.IPv6;
  return parts
    .slice(0, IPV6_NETWORK_BITS / 16)
    .map((part) => part.toString(16))
    .join(':');
}
