import ipaddr from 'ipaddr.js';

/** Bits of an IPv6 address that name its network: whoever has one address of it has them all. */
const IPV6_NETWORK_BITS = 64;

/**
 * The network that an address stands for: the address itself in IPv4, its /64 in IPv6. An IPv4 address that is written
 * as IPv6 is the IPv4 address. What is no address stands for itself.
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
