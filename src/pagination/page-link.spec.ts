import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPageLink } from './page-link.js';

describe('the next page', () => {
  it('is the same one, behind a row', () => {
    expect(nextPageLink('/user?take=2', { take: '2' }, '9')).toBe('</user?take=2&after=9>; rel="next"');
    expect(nextPageLink('/user?after=3&take=2', { after: '3', take: '2' }, '8')).toBe(
      '</user?after=8&take=2>; rel="next"',
    );
  });

  it('of a page that was asked for by skip is in keyset form, too', () => {
    expect(nextPageLink('/user?skip=10', { skip: '10' }, '12')).toBe('</user?after=12>; rel="next"');
  });

  it('is none when there is nothing behind the page', () => {
    expect(nextPageLink('/user', {}, undefined)).toBeUndefined();
  });

  it('has the same filters, whatever is in them', () => {
    const filters = fc.dictionary(
      fc.constantFrom('login', 'loginPattern', 'role'),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(filters, fc.base64String(), (query, after) => {
        const link = nextPageLink('/user?any', query, after) ?? '';
        // One URI reference that nothing in a filter can end, or break the header with.
        const [, target = ''] = /^<([\x21-\x3b\x3d\x3f-\x7e]+)>; rel="next"$/.exec(link) ?? [];
        const { pathname, searchParams } = new URL(target, 'http://localhost');
        expect(pathname).toBe('/user');
        expect(Object.fromEntries(searchParams)).toEqual({ ...query, after });
      }),
    );
  });
});
