import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { ProxyTrust } from '../settings/setting-values.js';

const MAPPED = '::ffff:';

/**
 * Returns the IP address of the client of a request, in one form for each address: that of its connection, or the one
 * that a trusted proxy names (`TRUST_PROXY`). What is not an address, such as one with a port, counts as that of the
 * connection. Empty if the connection is gone.
 */
export function clientAddressOf(request: FastifyRequest): string {
  const peer = request.socket.remoteAddress ?? '';
  const { ip } = request;
  return ip === peer ? peerAddress(peer) : (normalAddress(ip) ?? peerAddress(peer));
}

/** The address of a connection. The system writes it in its normal form, but may map IPv4 into IPv6 and add a zone. */
export function peerAddress(address: string): string {
  if (!address.includes(':')) return address;
  if (address.startsWith(MAPPED) && address.includes('.')) return address.slice(MAPPED.length);
  return address.includes('%') ? (normalAddress(address) ?? address) : address;
}

/** Returns an address in its one form, IPv4 that is mapped into IPv6 as IPv4, without a zone; undefined: it is none. */
function normalAddress(text: string | undefined): string | undefined {
  // ipaddr.js alone would take `10.1` and `0x7f000001`.
  if (text === undefined || isIP(text) === 0 || !ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  return address.kind() === 'ipv4'
    ? address.toString()
    : new ipaddr.IPv6((address as ipaddr.IPv6).parts).toString();
}

/** Converts the setting for Fastify, which requires a function for a number of hops. Hop 0 is the connection's address. */
export function trustProxyOf(
  trust: ProxyTrust,
): false | string | ((address: string, hop: number) => boolean) {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : trust;
}

/** Logs one warning when a proxy names its clients that is not trusted: every user then has the proxy's address. */
export function warnOfUnnamedProxy(fastify: FastifyInstance, trust: ProxyTrust): void {
  const trustsNobody = trust === false || trust === 0;
  let warned = false;
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers, log } = request;
    // Not when it is empty: that names nobody.
    if (!warned && (headers['x-forwarded-for'] || headers['forwarded'])) {
      // Of a trusted proxy, Fastify lists the address of the proxy and one more.
      if (trustsNobody || request.ips?.length === 1) {
        warned = true;
        log.warn(
          'A proxy that TRUST_PROXY does not name names its clients: all users behind it share one source for lockouts and limits',
        );
      }
    }
    done();
  });
}
