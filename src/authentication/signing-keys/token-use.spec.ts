import { describe, expect, it } from 'vitest';
import { isTypeOf, isTypeOfOrNone } from './token-use.js';

describe('the typ of a token header', () => {
  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])(
    '%s names access tokens',
    (typ) => {
      expect([isTypeOf('access', typ), isTypeOf('refresh', typ)]).toEqual([true, false]);
      expect([isTypeOfOrNone('access', typ), isTypeOfOrNone('refresh', typ)]).toEqual([true, false]);
    },
  );

  it.each(['rt+jwt', 'Rt+Jwt', 'application/rt+jwt'])('%s names refresh tokens', (typ) => {
    expect([isTypeOf('access', typ), isTypeOf('refresh', typ)]).toEqual([false, true]);
    expect([isTypeOfOrNone('access', typ), isTypeOfOrNone('refresh', typ)]).toEqual([false, true]);
  });

  it.each([undefined, 'JWT', 'jwt'])('%s names neither: only one secret for both takes it', (typ) => {
    expect([isTypeOf('access', typ), isTypeOf('refresh', typ)]).toEqual([false, false]);
    expect([isTypeOfOrNone('access', typ), isTypeOfOrNone('refresh', typ)]).toEqual([true, true]);
  });

  it.each([
    '',
    'at+jwt ',
    'text/at+jwt',
    'application/application/at+jwt',
    'logout+jwt',
    null,
    7,
    ['at+jwt'],
  ])('%j is refused', (typ) => {
    expect([isTypeOf('access', typ), isTypeOf('refresh', typ)]).toEqual([false, false]);
    expect([isTypeOfOrNone('access', typ), isTypeOfOrNone('refresh', typ)]).toEqual([false, false]);
  });
});
