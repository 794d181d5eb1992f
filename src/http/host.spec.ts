import { describe, expect, it } from 'vitest';
import { isHost } from './host.js';

describe('a host', () => {
  it.each([
    'a',
    'gate.example.com',
    'gate.example.com:8080',
    '127.0.0.1',
    '127.0.0.1:80',
    '[::1]',
    '[2001:db8::1]:8080',
    'a_b',
    'a:',
    'xn--bcher-kva.example',
    '%C3%A9.example',
  ])('is %s', (text) => {
    expect(isHost(text)).toBe(true);
  });

  it.each([
    '',
    ' ',
    'a b',
    'a b/<x>',
    '<x>',
    'a/b',
    'a?b',
    'a#b',
    'user@a',
    'user:password@a',
    'a:b',
    'a:80:80',
    ':80',
    'a:123456',
    'a\\b',
    '"a"',
    'a\t',
    'a\u0000',
    'é',
    '%zz',
    '[::1',
    '::1',
    '[g]',
    'a, b',
  ])('is not %j', (text) => {
    expect(isHost(text)).toBe(false);
  });
});
