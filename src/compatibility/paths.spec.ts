import { describe, expect, it } from 'vitest';
import { pathRewriter } from './paths.js';
import { readServiceSettings } from './service-settings.js';

const rewriterWith = (API_PREFIX?: string) =>
  pathRewriter(readServiceSettings({ COMPATIBILITY: 'devicehive', API_PREFIX }));

describe('a path', () => {
  it.each([
    ['/dh/rest/user', '/dh/rest/user'],
    ['/dh/rest/user/', '/dh/rest/user'],
    ['/dh/rest/user/?take=2', '/dh/rest/user?take=2'],
    ['/dh/rest/user?login=a/', '/dh/rest/user?login=a/'],
    ['/api/rest/user', '/dh/rest/user'],
    ['/auth/rest/token', '/dh/rest/token'],
    ['/auth/rest/token/?x=/api/rest/', '/dh/rest/token?x=/api/rest/'],
    ['/api/rest', '/dh/rest'],
    ['/api/rest?x=1', '/dh/rest?x=1'],
    ['/api/rest/', '/dh/rest/'],
    ['/api/restaurant', '/api/restaurant'],
    ['/dh/rest/user//', '/dh/rest/user/'],
    ['/', '/'],
    ['*', '*'],
  ])('%s is routed as %s', (sent, routed) => {
    expect(rewriterWith()(sent)).toBe(routed);
  });

  it.each(['/metrics', '/metrics/', '/metrics?x=1', '/%6detrics', '/metrics%2F', '/metrics#x'])(
    'of metrics is not served under another prefix: %s',
    (path) => {
      for (const prefix of ['/api/rest', '/auth/rest']) {
        expect(rewriterWith()(prefix + path)).toBe(prefix + path);
        expect(rewriterWith('/auth')(prefix + path)).toBe(prefix + path);
        expect(rewriterWith(prefix)(`${prefix}/metrics`)).toBe(`${prefix}/metrics`);
      }
      expect(rewriterWith()('/api/rest/%')).toBe('/dh/rest/%');
    },
  );

  it('under another prefix that is the one of the service is left', () => {
    expect(rewriterWith('/api/rest')('/api/rest/user')).toBe('/api/rest/user');
    expect(rewriterWith('/api/rest')('/auth/rest/user')).toBe('/api/rest/user');
    expect(rewriterWith('/api/rest/v1')('/api/rest/v1/user/')).toBe('/api/rest/v1/user');
    expect(rewriterWith('/api/rest/v1')('/api/rest/user')).toBe('/api/rest/v1/user');
  });

  it('is read where the one of the service is a part of it', () => {
    expect(rewriterWith('/api')('/api/rest/user')).toBe('/api/user');
    expect(rewriterWith('/auth')('/auth/rest/user/')).toBe('/auth/user');
    expect(rewriterWith('/api')('/api/user')).toBe('/api/user');
  });
});
