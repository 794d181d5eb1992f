import { describe, expect, it } from 'vitest';
import { isFromOtherOrigin } from './cross-site.js';

const NAMED = 'https://console.example.com';

describe('a request comes', () => {
  it.each([
    ['from no browser: it has neither header', {}],
    ['from no browser, whatever its host is', { host: 'a' }],
    ['from an origin that is named', { origin: NAMED, host: 'a' }],
    ['from an origin that is named, whatever the site', { origin: NAMED, 'sec-fetch-site': 'cross-site' }],
    ['from the same origin', { 'sec-fetch-site': 'same-origin', origin: 'https://a', host: 'b' }],
    ['from the address bar', { 'sec-fetch-site': 'none', host: 'a' }],
    ['from the same host, without ports', { origin: 'https://a.example', host: 'a.example' }],
    ['from the same host in other letters', { origin: 'https://a.example', host: 'A.Example' }],
    ['from the same host and port', { origin: 'http://127.0.0.1:8080', host: '127.0.0.1:8080' }],
    ['from the same host by another scheme', { origin: 'https://a:8443', host: 'a:8443' }],
    ['from the default port of HTTPS, which the host names', { origin: 'https://a', host: 'a:443' }],
    ['from the default port of HTTP, which the host names', { origin: 'http://a', host: 'a:80' }],
    ['from the same host with an empty port', { origin: 'http://a', host: 'a:' }],
    ['from the same IPv6 address', { origin: 'http://[::1]:8080', host: '[::1]:8080' }],
    ['from the same IPv6 address without ports', { origin: 'http://[::1]', host: '[::1]' }],
  ])('%s', (_, headers) => {
    expect(isFromOtherOrigin(headers, [NAMED])).toBe(false);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site', host: 'a' }],
    ['another origin of the same site', { 'sec-fetch-site': 'same-site', origin: 'https://b.a', host: 'a' }],
    [
      'another site, though its origin is that of the host',
      { 'sec-fetch-site': 'cross-site', origin: 'https://a', host: 'a' },
    ],
    ['a site that is unknown', { 'sec-fetch-site': '', host: 'a' }],
    ['two sites', { 'sec-fetch-site': 'same-origin, none', host: 'a' }],
    ['an opaque origin', { origin: 'null', host: 'a' }],
    ['an opaque origin to a host of that name', { origin: 'null', host: 'null' }],
    ['an empty origin', { origin: '', host: '' }],
    ['another host', { origin: 'https://b', host: 'a' }],
    ['a longer host', { origin: 'https://a.example.evil', host: 'a.example' }],
    ['a shorter host', { origin: 'https://example', host: 'a.example' }],
    ['another port', { origin: 'http://a:8081', host: 'a:8080' }],
    ['a port, where the host has none', { origin: 'http://a:8080', host: 'a' }],
    ['no port, where the host has one', { origin: 'http://a', host: 'a:8080' }],
    ['the default port of another scheme', { origin: 'http://a', host: 'a:443' }],
    ['two origins', { origin: 'https://a, https://a', host: 'a' }],
    ['an origin with a path', { origin: 'https://a/', host: 'a' }],
    ['an origin with a user', { origin: 'https://a@b', host: 'a@b' }],
    ['an origin without a scheme', { origin: 'a', host: 'a' }],
    ['a file', { origin: 'file://', host: '' }],
    ['an origin, to no host', { origin: 'https://a' }],
    ['a part of an origin that is named', { origin: 'https://console.example', host: 'a' }],
    ['an origin that is named, in other letters', { origin: NAMED.toUpperCase(), host: 'a' }],
  ])('from another origin: %s', (_, headers) => {
    expect(isFromOtherOrigin(headers, [NAMED])).toBe(true);
  });
});
