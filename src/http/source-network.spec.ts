import { describe, expect, it } from 'vitest';
import { siteOf, sourceNetworkOf } from './source-network.js';

describe('an address stands for', () => {
  it.each(['127.0.0.1', '203.0.113.7', ''])('itself: %s', (address) => {
    expect(sourceNetworkOf(address)).toBe(address);
  });

  it('the IPv4 address that it is another spelling of', () => {
    expect(sourceNetworkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(sourceNetworkOf('::FFFF:203.0.113.7')).toBe('203.0.113.7');
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::1', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['1::', '1:0:0:0'],
  ])('its network in IPv6: %s in %s', (address, network) => {
    expect(sourceNetworkOf(address)).toBe(network);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1'],
    ['2001:DB8:1:ffff::1', '2001:db8:1'],
    ['2001:db8::1', '2001:db8:0'],
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['', ''],
  ])('its site: %s in %s', (address, site) => {
    expect(siteOf(address)).toBe(site);
  });
});

describe('the site of an address is', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1'],
    ['2001:db8:1:ffff::1', '2001:db8:1'],
    ['2001:db8:2::1', '2001:db8:2'],
    ['', ''],
  ])('of %s: %s', (address, site) => {
    expect(siteOf(address)).toBe(site);
  });
});
