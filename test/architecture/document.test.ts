import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ApiDocument, type Schema } from '../support/conformance/api-document.js';
import { Validators } from '../support/conformance/validators.js';

/*
 * What the OpenAPI document promises to those who generate clients from it. That it tells the truth, the end-to-end
 * tests hold (test/support/conformance).
 */

const DOCUMENT = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as OpenAPIObject;
const SCHEMAS = DOCUMENT.components?.schemas as Readonly<Record<string, Schema>>;
const api = new ApiDocument(DOCUMENT);
const validators = new Validators(DOCUMENT, { closed: false });
const OPERATIONS = api.operations.map((operation) => [operation.operationId, operation] as const);

/** An operation as the document has it, with its references. */
type Written = Readonly<Record<string, unknown>> & {
  readonly description: string;
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
  readonly tags: readonly string[];
};
const WRITTEN = new Map(
  Object.values(DOCUMENT.paths).flatMap((path) =>
    Object.values(path as Record<string, Written & { readonly operationId: string }>).map(
      (operation) => [operation.operationId, operation] as const,
    ),
  ),
);
const written = (id: string): Written => {
  const found = WRITTEN.get(id);
  if (!found) throw new Error(`The document has no ${id}`);
  return found;
};

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
const nameOf = (reference: unknown): string => String(reference).replace('#/components/schemas/', '');

/** The components that a part of the document refers to, and those that they refer to. */
function reachedFrom(part: unknown, reached = new Set<string>()): Set<string> {
  for (const [, reference = ''] of JSON.stringify(part ?? null).matchAll(
    /"#\/components\/schemas\/(\w+)"/g,
  )) {
    if (reached.has(reference)) continue;
    reached.add(reference);
    reachedFrom(SCHEMAS[reference], reached);
  }
  return reached;
}

/** All objects within a part of the document, with the components that it reaches. Examples are left out. */
function objectsOf(part: unknown): Schema[] {
  const within = (value: unknown): Schema[] => {
    if (Array.isArray(value)) return value.flatMap(within);
    if (!isObject(value)) return [];
    const members = Object.entries(value).filter(([name]) => !['example', 'examples'].includes(name));
    return [value, ...members.flatMap(([, member]) => within(member))];
  };
  return [part, ...[...reachedFrom(part)].map((name) => SCHEMAS[name])].flatMap(within);
}

/** The schema of an operation's body in JSON. */
function bodyOf(id: string): Schema {
  const [, operation] = OPERATIONS.find(([name]) => name === id) ?? [];
  const [schema = {}] = Object.values(operation?.requestBody?.content ?? {}).map(
    (media) => media.schema ?? {},
  );
  return '$ref' in schema ? (SCHEMAS[nameOf(schema['$ref'])] ?? {}) : schema;
}
const membersOf = (schema: Schema | undefined): Readonly<Record<string, Schema>> =>
  (schema?.['properties'] ?? {}) as Readonly<Record<string, Schema>>;

const withBody = OPERATIONS.filter(([, operation]) => operation.requestBody);
const changing = (Object.entries(DOCUMENT.paths) as [string, Record<string, { operationId: string }>][])
  .flatMap(([, path]) => [path['put'], path['patch']])
  .flatMap((operation) => (operation ? [operation.operationId] : []))
  .filter((id) => withBody.some(([name]) => name === id));
const isAllowed = (id: string, body: unknown): boolean => validators.errorsOf(bodyOf(id), body) === undefined;

describe('the document', () => {
  it('is one of OpenAPI 3.1, whose operations have names of their own', () => {
    expect(DOCUMENT.openapi).toMatch(/^3\.1\./);
    const ids = OPERATIONS.map(([id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(40);
  });

  it('lists tags in the order of use, and uses no others', () => {
    const tags = (DOCUMENT.tags ?? []).map(({ name }) => name);
    expect(tags.slice(0, 2)).toEqual(['Tokens', 'Users']);
    expect([...new Set([...WRITTEN.values()].flatMap((each) => each.tags))].sort()).toEqual([...tags].sort());
  });

  it('has plain names of schemas', () => {
    expect(
      Object.keys(SCHEMAS).filter(
        (name) => !/^[A-Z][A-Za-z]+$/.test(name) || /(?:Dto|View|Schema)$/.test(name),
      ),
    ).toEqual([]);
  });
});

describe('an update', () => {
  it('is looked through for defaults, in all that its body refers to', () => {
    const hasDefault = { properties: { a: { items: [{ type: 'integer', default: 1 }] } } };
    expect(objectsOf(hasDefault).filter((schema) => 'default' in schema)).toHaveLength(1);
    const names = objectsOf(written('updateUser')['requestBody']).flatMap((each) =>
      Object.keys(membersOf(each)),
    );
    expect(names).toEqual(expect.arrayContaining(['introReviewed', 'description']));
  });

  it.each(changing)('%s documents no default', (id) => {
    expect(objectsOf(written(id)['requestBody']).filter((schema) => 'default' in schema)).toEqual([]);
  });

  it.each(changing.filter((id) => id !== 'setConfiguration'))(
    '%s may have no body, and no member of it is required',
    (id) => {
      expect(written(id)['requestBody']).toMatchObject({ required: false });
      expect(bodyOf(id)['required'] ?? []).toEqual([]);
      expect(isAllowed(id, {})).toBe(true);
    },
  );

  it('of oneself has words of its own', () => {
    for (const method of ['update', 'patch'])
      for (const text of ['summary', 'description'] as const)
        expect(written(`${method}CurrentUser`)[text]).not.toBe(written(`${method}User`)[text]);
  });

  it.each(['createUser', 'updateUser', 'updateCurrentUser', 'patchUser', 'patchCurrentUser'])(
    '%s has the types that responses have',
    (id) => {
      const shown = membersOf(SCHEMAS['User']);
      const shared = Object.entries(membersOf(bodyOf(id))).filter(([name]) => name in shown);
      expect(shared.map(([name]) => name)).toEqual(
        expect.arrayContaining(['id', 'lastLogin', 'networks', 'role']),
      );
      const typeOf = ({ $ref, type, format, items }: Schema) => ({ $ref, type, format, items });
      for (const [name, schema] of shared)
        expect({ name, ...typeOf(schema) }).toEqual({ name, ...typeOf(shown[name] ?? {}) });
    },
  );
});

describe('a body', () => {
  it('has no member that only one direction has', () => {
    const marked = objectsOf(DOCUMENT).filter((each) => 'readOnly' in each || 'writeOnly' in each);
    expect(marked).toEqual([]);
  });

  it.each(withBody)('of %s is required where a member of it is', (id, { requestBody }) => {
    const required = (bodyOf(id)['required'] ?? []) as readonly string[];
    expect(requestBody?.required ?? false).toBe(required.length > 0);
  });

  it.each(withBody)('of %s refuses what it does not know, unless a standard demands otherwise', (id) => {
    // RFC 7009 §2.1, RFC 7662 §2.1: other parameters are ignored.
    expect(bodyOf(id)['additionalProperties']).toBe(
      ['revokeToken', 'introspectToken'].includes(id) ? undefined : false,
    );
  });

  it('says of no response that it has no other members', () => {
    const closed = [...new Set(OPERATIONS.flatMap(([id]) => [...reachedFrom(written(id).responses)]))].filter(
      (name) => SCHEMAS[name]?.['additionalProperties'] === false,
    );
    expect(closed).toEqual([]);
  });

  it.each([
    ['signIn', { login: 'ada', password: 'x' }, true],
    ['signIn', { login: '  ', password: 'x' }, false],
    ['signIn', { login: 'ada', password: '' }, false],
    ['signIn', { login: 'ada', password: '       ' }, false],
    ['signIn', { login: 'ada', password: '        ' }, true],
    ['signIn', { login: 'ada', password: 'x', role: 0 }, false],
    ['createUser', { login: 'ada', role: 1, password: '12345678' }, true],
    ['createUser', { login: 'ada', role: 1, password: '1234567' }, false],
    ['createUser', { login: 'ada', role: 2, password: '12345678' }, false],
    ['createUser', { login: 'a\u0000da', role: 1, password: '12345678' }, false],
    ['createUser', { login: 'ada', role: 1, password: '12345678', oldPassword: 'x' }, false],
    ['createUser', { login: 'ada', password: '12345678' }, false],
    ['updateUser', { data: null }, true],
    ['updateUser', { login: null }, false],
    ['updateUser', { password: '1234567' }, false],
    ['updateUser', { status: 3 }, false],
    ['updateUser', { shoeSize: 9 }, false],
    ['updateUser', { data: [] }, false],
    ['createNetwork', { name: 'a\u0000b' }, false],
    ['createNetwork', { name: 'a', description: null }, true],
    ['updateNetwork', { description: 'a\u0000b' }, false],
    ['createToken', { userId: 1, networkIds: ['1', 2], deviceTypeIds: '*' }, true],
    ['createToken', { userId: 1, networkIds: ['0'] }, false],
    ['createToken', { userId: 1, networkIds: [0] }, false],
    ['createToken', { userId: 1, actions: ['GetDevice', 2] }, true],
    ['createToken', { userId: 1, actions: ['Fly'] }, false],
    ['createToken', { userId: 1, actions: [19] }, false],
    ['createToken', { userId: 1, label: 'a\u0000b' }, false],
    ['createToken', { userId: 2 ** 60 }, false],
    ['setConfiguration', { value: 'a\u0000b' }, false],
  ] as const)('of %s as %j is valid: %s', (id, body, expected) => {
    expect(isAllowed(id, body)).toBe(expected);
  });
});

describe('an enumeration', () => {
  const named = Object.entries(SCHEMAS).filter(([, schema]) => 'enum' in schema);

  it('of numbers has a name, and so has each of its values', () => {
    const numbers = named.filter(([, { type }]) => type === 'integer');
    expect(numbers.map(([name]) => name)).toEqual(['Action', 'UserRole', 'UserStatus']);
    for (const [, { enum: values, 'x-enum-varnames': names, 'x-enumNames': sameNames }] of numbers) {
      expect(names).toHaveLength((values as unknown[]).length);
      expect(sameNames).toEqual(names);
    }
    const inline = objectsOf(DOCUMENT.paths).filter((each) => each['type'] === 'integer' && 'enum' in each);
    expect(inline.filter((each) => !numbers.some(([, schema]) => schema === each))).toEqual([]);
  });

  it('has no value whose name is that of another type or value', () => {
    const names = named.flatMap(([, schema]) => (schema['x-enum-varnames'] ?? []) as string[]);
    expect(names.filter((name) => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
    // What generators of clients write themselves.
    const types = [...Object.keys(SCHEMAS), 'Client', 'ClientInterface', 'Server', 'Any', 'None'];
    const all = [...names, ...types].map((name) => name.toLowerCase());
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });
});

describe('a parameter', () => {
  const places = ['path', 'query', 'header'];

  it.each(OPERATIONS)(
    'of %s comes after those that are more needed, and headers come last',
    (_id, { parameters }) => {
      const ranks = parameters.map((each) => places.indexOf(each.in) * 2 + (each.required === true ? 0 : 1));
      expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
    },
  );

  it.each([
    ['listUsers', 'sortField', ['ID', 'id', 'Id', 'login', 'LOGIN', 'Login'], ['', 'name', 'ids']],
    ['listNetworks', 'sortField', ['ID', 'iD', 'name', 'NAME'], ['login']],
    ['listDeviceTypes', 'sortOrder', ['ASC', 'asc', 'Desc', 'dESC'], ['up', '', 'asc ']],
  ])('%s takes %s in every case that is accepted', (id, name, allowed, refused) => {
    const schema = OPERATIONS.find(([each]) => each === id)?.[1].parameters.find(
      (each) => each.name === name,
    )?.schema;
    const isValid = (value: string) => validators.errorsOf(schema ?? {}, value) === undefined;
    expect(allowed.filter((value) => !isValid(value))).toEqual([]);
    expect(refused.filter(isValid)).toEqual([]);
  });
});

describe('an id', () => {
  it('is an integer of 64 bits with its maximum', () => {
    const ID = { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
    const texts = ['sessionId', 'requestId'];
    const parameters = OPERATIONS.flatMap(([, each]) => each.parameters ?? []);
    const members = objectsOf(DOCUMENT.paths).flatMap((schema) => Object.entries(membersOf(schema)));
    const ids = [...parameters.map(({ name, schema }) => [name, schema ?? {}] as const), ...members].filter(
      ([name, { type }]) => /(?:^id|[a-z]Id)$/.test(name) && !texts.includes(name) && type !== 'string',
    );
    expect(ids.length).toBeGreaterThan(20);
    for (const [name, schema] of ids) expect({ name, ...schema }).toMatchObject({ name, ...ID });
  });
});

describe('an operation', () => {
  it.each(OPERATIONS)('%s says which right it needs', (id) => {
    const { description, 'x-access': access = 'public' } = written(id);
    if (access === 'public') {
      expect(description).toContain('Needs no token.');
      return;
    }
    const { actions } = access as { actions: string[] | Record<string, string[]> };
    const needed = Object.values(actions).flat();
    if (needed.length === 0) expect(description).toContain('Needs any valid access token.');
    for (const action of needed) expect(description).toContain(`\`${action}\``);
  });

  it.each(OPERATIONS)('%s refers to one response for all errors, and names their statuses', (id) => {
    const { responses, 'x-errors': statuses, 'x-access': access = 'public' } = written(id);
    const errors = Object.entries(responses).filter(([status]) => !/^[123]/.test(status));
    const shared = { $ref: '#/components/responses/Error' };
    expect(Object.fromEntries(errors)).toEqual({ '4XX': shared, default: shared });
    const ofEvery = [400, 405, 408, 412, 413, 415, 431, 500, 503];
    expect(statuses).toEqual(expect.arrayContaining(access === 'public' ? ofEvery : [...ofEvery, 401, 403]));
  });

  it.each(OPERATIONS)('%s has X-Request-Id in each response', (_id, { responses }) => {
    for (const { headers = {} } of Object.values(responses))
      expect(headers['X-Request-Id']).toMatchObject({ required: true });
  });

  it('has whole seconds in Retry-After', () => {
    const { headers } = OPERATIONS[0]?.[1].responses['default'] ?? {};
    expect(headers?.['Retry-After']?.schema).toEqual({ type: 'integer', minimum: 1 });
  });

  it('needs little of the document for its errors', () => {
    const lengthOf = (part: unknown) => JSON.stringify(part).length;
    const errors = [...WRITTEN.values()].flatMap(({ responses }) =>
      Object.entries(responses).filter(([status]) => !/^[123]/.test(status)),
    );
    const share = (lengthOf(errors) + lengthOf(DOCUMENT.components?.['responses'])) / lengthOf(DOCUMENT);
    expect(share).toBeLessThan(0.1);
  });
});
