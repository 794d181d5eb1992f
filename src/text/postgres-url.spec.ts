import { describe, expect, it } from 'vitest';
import { parsePostgresUrl } from './postgres-url.js';

const NOTHING = {
  user: undefined,
  password: undefined,
  host: undefined,
  port: undefined,
  database: undefined,
  parameters: [],
};

describe('parsePostgresUrl', () => {
  it.each([
    ['postgres://u:p@h:5432/d', { user: 'u', password: 'p', host: 'h', port: '5432', database: 'd' }],
    ['postgresql://h', { host: 'h' }],
    ['postgres:///d', { database: 'd' }],
    ['postgres://u@/d', { user: 'u', database: 'd' }],
    ['postgres://u:@h/', { user: 'u', host: 'h' }],
    ['postgres://%2Fvar%2Frun/d', { host: '/var/run', database: 'd' }],
    ['postgres://u:p@[::1]:5432/d', { user: 'u', password: 'p', host: '::1', port: '5432', database: 'd' }],
    ['postgres://[fe80::1]/d', { host: 'fe80::1', database: 'd' }],
    ['postgres://a,b:1,[::1]:2/d', { host: 'a,b,::1', port: ',1,2', database: 'd' }],
    [
      'postgres://u%40x:p%3A%2F%3F%23%40@h/d%20%2Fe',
      { user: 'u@x', password: 'p:/?#@', host: 'h', database: 'd /e' },
    ],
    ['postgres://u:p:q@r@h/d', { user: 'u', password: 'p:q@r', host: 'h', database: 'd' }],
    [
      'postgres://h/d?host=%2Ftmp&options=-c%20a%3Db+c',
      {
        host: 'h',
        database: 'd',
        parameters: [
          ['host', '/tmp'],
          ['options', '-c a=b+c'],
        ],
      },
    ],
    ['postgres://h?sslmode=', { host: 'h', parameters: [['sslmode', '']] }],
  ])('reads %s', (url, wanted) => {
    expect(parsePostgresUrl(url)).toEqual({ ...NOTHING, ...wanted });
  });

  it.each([
    ...['postgres://', 'postgres:h', 'http://h/d', 'xpostgres://h/d', ''],
    // Passwords that are not percent-encoded.
    ...[
      'postgres://u:p/w@h/d',
      'postgres://u:12/34@h/d',
      'postgres://u:p?w@h/d',
      'postgres://u:p#w@h/d',
      'postgres://u:p%@h/d',
    ],
    ...[
      'postgres://h/d#fragment',
      'postgres://h/d/e',
      'postgres://h/%ff',
      'postgres://h:port/d',
      'postgres://h:1:2/d',
    ],
    ...[
      'postgres://[h]/d',
      'postgres://[::1/d',
      'postgres://::1/d',
      'postgres://[::1]x/d',
      'postgres://h h/d',
    ],
    ...['postgres://h?a', 'postgres://h?=b', 'postgres://h?a=1&', 'postgres://h?%zz=1'],
  ])('does not take %s', (url) => {
    expect(parsePostgresUrl(url)).toBeUndefined();
  });
});
