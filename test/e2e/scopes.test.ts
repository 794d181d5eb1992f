import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { assignmentsOf, createHolder, createScope, idsOf, KINDS } from '../support/scopes.js';
import { TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const GONE = 9_007_199_254_740_991;
const namesOf = ({ body }: Answer): string[] => body.map(({ name }: { name: string }) => name);

// The rules of networks and device types are the same (contract.md §4).
describe.each(KINDS.map((kind) => [kind.path, kind] as const))('/%s', (_path, kind) => {
  const { path, label } = kind;
  const taken = `${label} cannot be created. ${label} with such name already exists`;
  const get = (id: number) => service.admin.get(`/${path}/${id}`);
  const put = (id: number, body: unknown) => service.admin.put(`/${path}/${id}`, body);
  const list = (query: string) => service.admin.get(`/${path}?${query}`);
  const count = (query: string) => service.admin.get(`/${path}/count?${query}`);

  /** Makes scopes with these names under a prefix that nobody else has. */
  async function createFamily(names: readonly string[]) {
    const prefix = freshName('fam');
    const ids: number[] = [];
    for (const name of names) ids.push(await createScope(service, kind, { name: `${prefix}${name}` }));
    return { prefix, ids, all: `namePattern=${prefix}%25` };
  }

  it('begins with one, of id 1, in a fresh database', async () => {
    const fresh = await TestService.start();
    try {
      const { body } = await fresh.admin.get(`/${path}`);
      expect(body).toEqual([{ id: 1, name: `Default ${label.toLowerCase()}`, description: null }]);
      expect((await fresh.admin.get(`/${path}/count`)).body).toEqual({ count: 1 });
    } finally {
      await fresh.stop();
    }
  });

  describe('POST', () => {
    it('returns 201 with the id, and nothing else', async () => {
      const name = freshName('scope');
      const answer = await service.admin.post(`/${path}`, { name, description: 'what it is' });
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({ id: expect.any(Number) });
      const { id } = answer.body;
      expect((await get(id)).body).toEqual({ id, name, description: 'what it is' });
    });

    it.each([{}, { description: null }])('makes one without a description of %j', async (fields) => {
      expect((await get(await createScope(service, kind, fields))).body.description).toBeNull();
    });

    it('accepts an id and ignores it, so that what GET gave can be sent back', async () => {
      const id = await createScope(service, kind, { id: 1 });
      expect(id).toBeGreaterThan(1);
      expect((await get(id)).body.id).toBe(id);
    });

    it.each([
      ['one character', 'x'],
      ['128 characters', 'n'.repeat(128)],
      ['128 characters of two bytes', 'é'.repeat(128)],
      ['128 characters of four bytes, two UTF-16 units each', '😀'.repeat(128)],
      ['spaces, quotes and SQL', ` '"; DROP TABLE networks; -- `],
      ['control characters', '\t\n\u0001'],
    ])('keeps a name of %s as it is', async (_what, name) => {
      const id = await createScope(service, kind, { name });
      expect((await get(id)).body.name).toBe(name);
    });

    it.each(['', 'd'.repeat(128), '😀'.repeat(128)])('keeps the description %j', async (description) => {
      const id = await createScope(service, kind, { description });
      expect((await get(id)).body.description).toBe(description);
    });

    it('never gives an id twice', async () => {
      const id = await createScope(service, kind);
      await service.admin.delete(`/${path}/${id}`);
      expect(await createScope(service, kind)).toBeGreaterThan(id);
    });

    it('refuses a name that is taken, and creates nothing', async () => {
      const name = freshName('scope');
      await createScope(service, kind, { name });
      expectError(await service.admin.post(`/${path}`, { name }), { status: 403, message: taken });
      expect((await count(`name=${name}`)).body).toEqual({ count: 1 });
    });

    it('lets one of twenty have a name that all want at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const name = freshName('scope');
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => service.admin.post(`/${path}`, { name })),
        );
        const refused = answers.filter(({ status }) => status !== 201);
        expect(refused).toHaveLength(19);
        for (const answer of refused) expectError(answer, { status: 403, message: taken });
        expect((await count(`name=${name}`)).body).toEqual({ count: 1 });
      }
    });

    it('takes a name again whose owner has been deleted', async () => {
      const name = freshName('scope');
      await service.admin.delete(`/${path}/${await createScope(service, kind, { name })}`);
      expect((await service.admin.post(`/${path}`, { name })).status).toBe(201);
    });

    it('needs a name', async () => {
      for (const body of [{}, '', { description: 'nameless' }])
        expectError(await service.admin.post(`/${path}`, body), { status: 400, fields: ['name'] });
    });
  });

  describe('POST and PUT', () => {
    const both = async (body: unknown) => [
      await service.admin.post(`/${path}`, body),
      await put(await createScope(service, kind), body),
    ];

    it.each<[string, unknown]>([
      ['empty', ''],
      ['of 129 characters', 'n'.repeat(129)],
      ['with NUL', 'a\0b'],
      ['with half of a surrogate pair', 'a\ud83d'],
      ['null', null],
      ['a number', 1],
      ['a list', ['name']],
      ['an object', { name: 'x' }],
      ['true', true],
    ])('refuse a name that is %s', async (_what, name) => {
      for (const answer of await both({ name })) expectError(answer, { status: 400, fields: ['name'] });
    });

    it.each<[string, unknown]>([
      ['of 129 characters', 'd'.repeat(129)],
      ['with NUL', '\0'],
      ['with half of a surrogate pair', '\udc00'],
      ['a number', 0],
      ['a list', []],
      ['an object', {}],
      ['false', false],
    ])('refuse a description that is %s', async (_what, description) => {
      for (const answer of await both({ name: freshName('scope'), description }))
        expectError(answer, { status: 400, fields: ['description'] });
    });

    it.each(['[]', 'null', '"x"', '1', '{', '{"name":"x",}'])('refuse the body %s', async (body) => {
      for (const answer of await both(body))
        expectError(answer, { status: 400, message: 'Invalid request parameters', fields: ['body'] });
    });

    it('name every field at fault', async () => {
      for (const answer of await both({ name: '', description: 1 }))
        expectError(answer, { status: 400, fields: ['name', 'description'] });
    });
  });

  describe('PUT', () => {
    it('changes what is present and nothing else, and returns 204 with an empty body', async () => {
      const [name, other] = [freshName('scope'), freshName('scope')];
      const id = await createScope(service, kind, { name, description: 'first' });
      for (const [body, wanted] of [
        [{}, { id, name, description: 'first' }],
        [{ name: other }, { id, name: other, description: 'first' }],
        [{ description: 'second' }, { id, name: other, description: 'second' }],
        [{ description: null }, { id, name: other, description: null }],
        [
          { name, description: '' },
          { id, name, description: '' },
        ],
        [
          { id: 1, name, description: null },
          { id, name, description: null },
        ],
        ['', { id, name, description: null }],
      ] as const) {
        const answer = await put(id, body);
        expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
        expect((await get(id)).body).toEqual(wanted);
      }
    });

    it('is found under its new name, and not under the old one', async () => {
      const [name, other] = [freshName('A'), freshName('B')];
      const id = await createScope(service, kind, { name });
      await put(id, { name: other });
      expect(idsOf(await list(`name=${other.toUpperCase()}`))).toEqual([id]);
      expect(idsOf(await list(`name=${name}`))).toEqual([]);
    });

    it('takes its own name again, in another case too', async () => {
      const name = freshName('own');
      const id = await createScope(service, kind, { name });
      for (const again of [name, name.toUpperCase()]) {
        expect((await put(id, { name: again })).status).toBe(204);
        expect((await get(id)).body.name).toBe(again);
      }
    });

    it('refuses the name of another, and changes nothing', async () => {
      const [name, other] = [freshName('scope'), freshName('scope')];
      await createScope(service, kind, { name });
      const id = await createScope(service, kind, { name: other });
      expectError(await put(id, { name, description: 'lost' }), { status: 403, message: taken });
      expect((await get(id)).body).toEqual({ id, name: other, description: null });
    });

    it('keeps two changes of different properties that come at once', async () => {
      for (let round = 0; round < 10; round += 1) {
        const id = await createScope(service, kind);
        const wanted = { name: freshName('scope'), description: `round ${round}` };
        const answers = await Promise.all([
          put(id, { name: wanted.name }),
          put(id, { description: wanted.description }),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([204, 204]);
        expect((await get(id)).body).toEqual({ id, ...wanted });
      }
    });
  });

  describe('DELETE', () => {
    it('returns 204 with an empty body, once, and 404 from then on', async () => {
      const id = await createScope(service, kind);
      const answer = await service.admin.delete(`/${path}/${id}`);
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
      const message = `${label} with id = ${id} not found`;
      for (const again of [await service.admin.delete(`/${path}/${id}`), await get(id), await put(id, {})])
        expectError(again, { status: 404, message });
    });

    it('accepts force=true and force=false, which do the same', async () => {
      for (const force of ['true', 'false']) {
        const id = await createScope(service, kind);
        const holder = await createHolder(service, kind, id);
        const answer = await service.admin.delete(`/${path}/${id}?force=${force}`);
        expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' });
        expect((await get(id)).status).toBe(404);
        expect(await assignmentsOf(service, kind, holder.id)).toEqual([]);
      }
    });

    it.each(['force=', 'force=1', 'force=TRUE', 'force=yes', 'force=true&force=true', 'Force=true', 'x=1'])(
      'refuses ?%s, and deletes nothing',
      async (query) => {
        const id = await createScope(service, kind);
        const [field = ''] = query.split('=');
        expectError(await service.admin.delete(`/${path}/${id}?${query}`), {
          status: 400,
          message: 'Invalid request parameters',
          fields: [field],
        });
        expect((await get(id)).status).toBe(200);
      },
    );

    it('succeeds once when many ask at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const id = await createScope(service, kind);
        const answers = await Promise.all(
          Array.from({ length: 10 }, () => service.admin.delete(`/${path}/${id}`)),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(9).fill(404)]);
      }
    });

    it('and a PUT at once leave a scope or none, and no other error', async () => {
      for (let round = 0; round < 10; round += 1) {
        const id = await createScope(service, kind);
        const [deleted, changed] = await Promise.all([
          service.admin.delete(`/${path}/${id}`),
          put(id, { name: freshName('scope') }),
        ]);
        expect(deleted.status).toBe(204);
        expect([204, 404]).toContain(changed.status);
        expect((await get(id)).status).toBe(404);
      }
    });
  });

  describe('{id}', () => {
    it('knows no other method, and says which it knows', async () => {
      for (const [method, url, allow] of [
        ['PATCH', `/${path}/1`, ['GET', 'PUT', 'DELETE']],
        ['POST', `/${path}/1`, ['GET', 'PUT', 'DELETE']],
        ['DELETE', `/${path}`, ['GET', 'POST']],
        ['PUT', `/${path}`, ['GET', 'POST']],
      ] as const) {
        const answer = await service.admin.send(method, url);
        expectError(answer, { status: 405 });
        expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining([...allow]));
        expect(answer.headers.get('allow')?.split(', ')).not.toContain(method);
      }
    });
  });

  describe('the list', () => {
    it('shows id, name and description, in the order of ids', async () => {
      const { prefix, ids, all } = await createFamily(['b', 'a']);
      const [b, a] = ids;
      expect((await list(all)).body).toEqual([
        { id: b, name: `${prefix}b`, description: null },
        { id: a, name: `${prefix}a`, description: null },
      ]);
    });

    it('finds a name exactly, ignoring case', async () => {
      const { prefix } = await createFamily(['Ärger', 'Ärgernis', '%']);
      for (const [name, wanted] of [
        ['Ärger', ['Ärger']],
        ['äRGER', ['Ärger']],
        ['A\u0308rger', ['Ärger']],
        ['%', ['%']],
        ['Ä%', []],
        ['_', []],
        ['', []],
        ["' OR ''='", []],
      ] as const) {
        const query = `name=${encodeURIComponent(`${prefix}${name}`)}`;
        expect(namesOf(await list(query)), name).toEqual(wanted.map((found) => `${prefix}${found}`));
        expect((await count(query)).body).toEqual({ count: wanted.length });
      }
    });

    // The same on SQLite and on PostgreSQL.
    it.each([
      ['%', ['a_c', 'aBc', 'a%c', 'a\\c', 'ab']],
      ['a_c', ['a_c', 'aBc', 'a%c', 'a\\c']],
      ['A_C', ['a_c', 'aBc', 'a%c', 'a\\c']],
      ['a%', ['a_c', 'aBc', 'a%c', 'a\\c', 'ab']],
      ['__', ['ab']],
      ['a\\c', ['a\\c']],
      ['a\\\\c', ['a\\c']],
      ['a\\\\%', ['a\\c']],
      ['a\\%c', ['a%c']],
      ['a\\%', []],
      ['a\\_', []],
      ['a\\_c', ['a_c']],
      ['A\\_C', ['a_c']],
      ['a\\b', []],
      ['%\\', []],
      ['\\', []],
      ['[a]bc', []],
      ['*', []],
      ["%' OR ''='", []],
      ['%😀', []],
    ])('finds names like %j', async (pattern, wanted) => {
      const { prefix } = await createFamily(['a_c', 'aBc', 'a%c', 'a\\c', 'ab']);
      const query = `namePattern=${encodeURIComponent(`${prefix.toUpperCase()}${pattern}`)}`;
      expect(namesOf(await list(query))).toEqual(wanted.map((name) => `${prefix}${name}`));
      expect((await count(query)).body).toEqual({ count: wanted.length });
    });

    it('counts characters in a pattern, and not bytes', async () => {
      const { prefix } = await createFamily(['😀', 'É', 'xx']);
      const query = `namePattern=${prefix}_`;
      expect(namesOf(await list(query))).toEqual([`${prefix}😀`, `${prefix}É`]);
      expect(namesOf(await list(`namePattern=${encodeURIComponent(`${prefix}é`)}`))).toEqual([`${prefix}É`]);
    });

    it('lets namePattern win over name', async () => {
      const { ids, all } = await createFamily(['a', 'b']);
      for (const query of [`name=nobody&${all}`, `${all}&name=nobody`]) {
        expect(idsOf(await list(query))).toEqual(ids);
        expect((await count(query)).body).toEqual({ count: 2 });
      }
    });

    it('sorts by id or by name ignoring case, up or down, named in any case', async () => {
      const { prefix, all } = await createFamily(['b', 'C', 'a', 'É', '1', 'z']);
      for (const [query, wanted] of [
        ['', 'bCaÉ1z'],
        ['sortOrder=desc', 'z1ÉaCb'],
        ['sortField=ID&sortOrder=ASC', 'bCaÉ1z'],
        ['sortField=id&sortOrder=Desc', 'z1ÉaCb'],
        ['sortField=Name', '1abCzÉ'],
        ['sortField=NAME&sortOrder=DESC', 'ÉzCba1'],
        ['sortField=name&sortOrder=asc', '1abCzÉ'],
      ] as const) {
        expect(namesOf(await list(`${all}&${query}`)), query).toEqual(
          [...wanted].map((name) => `${prefix}${name}`),
        );
      }
    });

    it('takes, skips, and begins behind an id, and announces the page after one that was cut short', async () => {
      const { ids, all } = await createFamily(['a', 'b', 'c', 'd']);
      const [a = 0, b = 0, c = 0, d = 0] = ids;
      for (const [query, wanted, next] of [
        ['take=1', [a], ['after', a]],
        ['take=3', [a, b, c], ['after', c]],
        ['take=4', ids, undefined],
        ['take=5', ids, undefined],
        ['take=10000', ids, undefined],
        ['skip=2', [c, d], undefined],
        ['skip=4', [], undefined],
        [`skip=${GONE}`, [], undefined],
        ['take=2&skip=1', [b, c], ['after', c]],
        ['take=2&skip=2', [c, d], undefined],
        ['after=0', ids, undefined],
        [`after=${b}&take=1`, [c], ['after', c]],
        [`after=${c}&sortOrder=DESC`, [b, a], undefined],
        [`after=${GONE}`, [], undefined],
      ] as const) {
        const answer = await list(`${all}&${query}`);
        expect(idsOf(answer), query).toEqual(wanted);
        const link = /^<([^>]*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
        if (!next) {
          expect(answer.headers.has('link'), query).toBe(false);
          continue;
        }
        const [name, value] = next;
        const { pathname, searchParams } = new URL(link ?? '', 'http://any');
        expect(pathname).toBe(`/${path}`);
        expect(Object.fromEntries(searchParams)).toMatchObject({ [name]: String(value) });
        expect(searchParams.has('skip')).toBe(false);
        expect(searchParams.get('namePattern')).toMatch(/^fam-\w+%$/);
      }
    });

    it('can be followed from link to link to the end', async () => {
      const { ids, all } = await createFamily(['e', 'd', 'c', 'b', 'a']);
      for (const [sort, wanted] of [
        ['', ids],
        ['&sortOrder=DESC', [...ids].reverse()],
        ['&sortField=Name', [...ids].reverse()],
      ] as const) {
        const found: number[] = [];
        let next: string | undefined = `/${path}?${all}&take=2${sort}`;
        for (let page = 0; next !== undefined && page < 9; page += 1) {
          const answer: Answer = await service.admin.get(next);
          found.push(...idsOf(answer));
          next = /^<([^>]*)>/.exec(answer.headers.get('link') ?? '')?.[1];
        }
        expect(found).toEqual(wanted);
      }
    });

    it('shows at most 100 when nothing is said', async () => {
      const prefix = freshName('many');
      const { table } = kind;
      for (let index = 0; index < 101; index += 1) {
        // Behind the service's back: a hundred requests would take their time.
        const name = `${prefix}-${index}`;
        await service.database.query(`INSERT INTO ${table} (name, name_key) VALUES (?, ?)`, [name, name]);
      }
      const query = `namePattern=${prefix}%25`;
      const answer = await list(query);
      expect(answer.body).toHaveLength(100);
      expect(answer.headers.get('link')).toContain(`after=${idsOf(answer).at(-1)}`);
      expect((await list(`${query}&take=10000`)).body).toHaveLength(101);
      expect((await count(query)).body).toEqual({ count: 101 });
    });

    it.each([
      'take=0',
      'take=10001',
      'take=-1',
      'take=x',
      'take=',
      'skip=-1',
      'skip=1.5',
      'after=-1',
      'after=x',
      'after=1&skip=0',
      'after=1&sortField=Name',
      'after=%00',
      'sortOrder=up',
      'sortField=description',
      'sortField=Login',
      'sortField=',
      'name=%00',
      'namePattern=a%00',
      'take=1&take=1',
      'name=a&name=a',
    ])('refuses %s, and names the parameter', async (query) => {
      const [field = ''] = query.split('=');
      expectError(await list(query), { status: 400, message: 'Invalid request parameters', fields: [field] });
    });

    it.each(['take=1', 'skip=1', 'after=1', 'sortField=ID', 'sortOrder=ASC'])(
      'has a count that knows filters alone, and not %s',
      async (query) => {
        expectError(await count(query), { status: 400, fields: [query.slice(0, query.indexOf('='))] });
      },
    );
  });
});
