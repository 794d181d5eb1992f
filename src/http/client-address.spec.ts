import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { clientAddressOf } from './client-address.js';

const PEER = '192.0.2.1';
/** The address of the client, when a proxy names this one. */
const addressOf = (named: string, peer = PEER) =>
  clientAddressOf({ ip: named, socket: { remoteAddress: peer } } as unknown as FastifyRequest);

describe('the address of a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['::FFFF:CB00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:cb00:7107', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s is %s', (named, address) => {
    expect(addressOf(named)).toBe(address);
  });

  it.each([
    '',
    '1.2.3.4:5678',
    '[2001:db8::1]:443',
    '[2001:db8::1]',
    '1.2.3',
    '10.1',
    '0x7f000001',
    '010.0.0.1',
    '2130706433',
    '999.1.1.1',
    'unknown',
    '_hidden',
    'localhost',
    `fe80::1%${'z'.repeat(12_000)}!`,
    'x'.repeat(12_000),
  ])('is that of the connection where a proxy names what is none: %s', (named) => {
    expect(addressOf(named)).toBe(PEER);
    expect(addressOf(named, '::ffff:192.0.2.1')).toBe(PEER);
  });

  it('is never longer than an address', () => {
    expect(addressOf(`fe80::1%${'z'.repeat(12_000)}`)).toMatch(/^(?:fe80::1|192\.0\.2\.1)$/);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('is that of the connection where no proxy is trusted: %s is %s', (peer, address) => {
    expect(addressOf(peer, peer)).toBe(address);
  });

  it('is empty when the connection is gone', () => {
    expect(clientAddressOf({ ip: undefined, socket: {} } as unknown as FastifyRequest)).toBe('');
  });
});
