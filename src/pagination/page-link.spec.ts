import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextPageLink, type PageRequest } from './page-link.js';

const rows = (...ids: number[]) => ids.map((id) => ({ id }));
const page = (differences: Partial<PageRequest> = {}): PageRequest => ({
  path: '/user',
  query: {},
  take: 2,
  skip: 0,
  byId: true,
  ...differences,
});

describe('the page after', () => {
  it('a full one begins behind its last id', () => {
    expect(nextPageLink(page({ query: { take: '2' } }), rows(3, 9))).toBe(
      '</user?take=2&after=9>; rel="next"',
    );
  });

  it('a page that was asked for by after moves on', () => {
    expect(nextPageLink(page({ query: { after: '3', take: '2' } }), rows(5, 8))).toBe(
      '</user?after=8&take=2>; rel="next"',
    );
  });

  it('a page in the order of ids that was asked for by skip goes on in keyset form', () => {
    expect(nextPageLink(page({ query: { skip: '10' }, skip: 10 }), rows(11, 12))).toBe(
      '</user?after=12>; rel="next"',
    );
  });

  it('a page in another order is counted', () => {
    const query = { sortField: 'login', sortOrder: 'desc', skip: '4' };
    expect(nextPageLink(page({ query, skip: 4, byId: false }), rows(3, 1))).toBe(
      '</user?sortField=login&sortOrder=desc&skip=6>; rel="next"',
    );
  });

  it('one that is not full is none', () => {
    expect(nextPageLink(page(), rows(1))).toBeUndefined();
    expect(nextPageLink(page(), [])).toBeUndefined();
  });

  it('has the same filters, whatever is in them', () => {
    const filters = fc.dictionary(
      fc.constantFrom('login', 'loginPattern', 'role'),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(filters, fc.boolean(), (query, byId) => {
        const link = nextPageLink(page({ query, byId }), rows(1, 2)) ?? '';
        // One URI reference that nothing in a filter can end, or break the header with.
        const [, target = ''] = /^<([\x21-\x3b\x3d\x3f-\x7e]+)>; rel="next"$/.exec(link) ?? [];
        const { pathname, searchParams } = new URL(target, 'http://localhost');
        expect(pathname).toBe('/user');
        expect(Object.fromEntries(searchParams)).toEqual({
          ...query,
          ...(byId ? { after: '2' } : { skip: '2' }),
        });
      }),
    );
  });
});
