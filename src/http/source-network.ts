import ipaddr from 'ipaddr.js';

/** Prefix length of an IPv6 network. One client usually controls a whole /64. */
const IPV6_NETWORK_BITS = 64;
/** Prefix length of an IPv6 site: what a provider usually assigns to one customer. */
const IPV6_SITE_BITS = 48;

/**
 * Returns the network of an address, as the key of a rate limit: the address itself for IPv4, its /64 for IPv6.
 * IPv4-mapped IPv6 addresses count as IPv4. Returns text that is not an address unchanged.
 */
export const sourceNetworkOf = (address: string): string => networkOf(address, IPV6_NETWORK_BITS);

/** Like {@link sourceNetworkOf}, but returns the /48 of an IPv6 address. */
export const siteOf = (address: string): string => networkOf(address, IPV6_SITE_BITS);

function networkOf(address: string, bits: number): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const { parts } = parsed as ipaddr.IPv6;
  return parts
    .slice(0, bits / 16)
    .map((part) => part.toString(16))
    .join(':');
}
