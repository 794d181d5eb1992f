import ipaddr from 'ipaddr.js';

/** Prefix length of an IPv6 network. One client usually controls a whole /64. */
const IPV6_NETWORK_BITS = 64;
/** Prefix length of an IPv6 site: the most that a provider gives to one customer (RFC 6177). */
const IPV6_SITE_BITS = 48;

/**
 * Returns the network of an address, as the key of a rate limit: the address itself for IPv4, its /64 for IPv6.
 * IPv4-mapped IPv6 addresses count as IPv4. Returns text that is not an address unchanged.
 */
export function sourceNetworkOf(address: string): string {
  return prefixOf(address, IPV6_NETWORK_BITS);
}

/**
 * Returns the site of an address: the address itself for IPv4, its /48 for IPv6. One customer of a provider may control
 * 65,536 networks, so what is shared fairly is shared by sites. Returns text that is not an address unchanged.
 */
export function siteOf(address: string): string {
  return prefixOf(address, IPV6_SITE_BITS);
}

function prefixOf(address: string, ipv6Bits: number): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const { parts } = parsed as ipaddr.IPv6;
  return parts
    .slice(0, ipv6Bits / 16)
    .map((part) => part.toString(16))
    .join(':');
}
