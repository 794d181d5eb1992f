import { describe, expect, it } from 'vitest';
import { discoveryRewriter, publicIssuerOf } from './issuer.js';

const of = (jwtIssuer: string, apiPrefix = '') => ({ jwtIssuer, apiPrefix });

describe('the public URL of the API', () => {
  it.each([
    ['https://id.test', '', 'https://id.test'],
    ['https://id.test/', '', 'https://id.test'],
    ['https://id.test//', '', 'https://id.test'],
    ['https://id.test:8443/auth/', '', 'https://id.test:8443/auth'],
    ['https://id.test', '/dh/rest', 'https://id.test/dh/rest'],
    ['https://id.test/dh/rest', '/dh/rest', 'https://id.test/dh/rest'],
    ['https://id.test/dh/rest/', '/rest', 'https://id.test/dh/rest'],
    ['https://id.test/forest', '/rest', 'https://id.test/forest/rest'],
  ])('of %s with the prefix %j is %s', (issuer, prefix, url) => {
    expect(publicIssuerOf(of(issuer, prefix))).toMatchObject({ issuer, baseUrl: url });
  });

  it.each([
    'hivegate',
    'urn:gate',
    'ftp://id.test',
    'https://',
    'https://id.test?',
    'https://a@id.test',
    'https:\\\\id',
  ])('does not exist for %s', (issuer) => {
    expect(publicIssuerOf(of(issuer))).toBeUndefined();
    expect(discoveryRewriter(of(issuer))).toBeUndefined();
  });
});

describe('the paths of discovery', () => {
  it('are the root, the path of the issuer, that path inserted, and the prefix', () => {
    const rewrite = discoveryRewriter(of('https://id.test/auth/', '/v1'));
    for (const name of ['oauth-authorization-server', 'openid-configuration'])
      for (const path of [`/.well-known/${name}`, `/auth/.well-known/${name}`, `/.well-known/${name}/auth`])
        expect(rewrite?.(`${path}?a=/b`)).toBe(`/v1/.well-known/${name}?a=/b`);
    for (const other of [
      '/',
      '/.well-known/jwks.json',
      '/auth/user',
      '/.well-known/openid-configuration/',
      '//auth',
    ])
      expect(rewrite?.(other)).toBe(other);
  });

  it('go to the other rewriter where they are none', () => {
    expect(discoveryRewriter(of('https://id.test/a'), (url) => `/x${url}`)?.('/b')).toBe('/x/b');
    expect(discoveryRewriter(of('https://id.test'))).toBeUndefined();
  });
});
