import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../support/errors.js';
import { freshName } from '../support/fresh-name.js';
import { PASSWORD, TestService } from '../support/service.js';

/** The most bytes of `data` (contract.md §3). */
const LIMIT = 64 * 1024;

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

const put = (id: number, data: string) => service.admin.put(`/user/${id}`, `{"data":${data}}`);

/** An object of so many bytes, in which every character has `bytes` of them. */
function objectOfBytes(total: number, character: string): string {
  const bytes = Buffer.byteLength(character);
  const room = total - '{"a":""}'.length;
  return `{"a":"${character.repeat(Math.floor(room / bytes))}${'x'.repeat(room % bytes)}"}`;
}

describe('data', () => {
  it.each([
    ['the order of keys, also of those like integers', '{"b":1,"10":2,"a":3,"9":4,"1":5}'],
    [
      'numbers that JavaScript cannot hold',
      '{"n":12345678901234567890.12345678901234567890,"e":1e400,"z":-0,"f":1.0,"g":1E+2}',
    ],
    ['__proto__ and constructor', '{"__proto__":{"role":0},"constructor":{"prototype":{"__proto__":1}}}'],
    ['repeated keys', '{"a":1,"a":{"b":2,"b":[]},"a":[1]}'],
    ['white space', '{ "a" :\n\t[ 1 , 2 ] ,\r\n  "b":{ } }'],
    ['escapes', '{"\\u0061":"\\u0000\\/\\b\\ud83d\\ude00\\ud800\\u2028\\"\\\\"}'],
    ['characters of all planes', '{"ключ":"значение 😀 \u2028\u007f\ufeff"}'],
    ['what looks like the end of it', '{"a":"}{][,:\\"","b":"//","c":"/* */","d":"\\\\"}'],
    ['what looks like a replacement', '{"$&":"$1 $$ $` $\' $<a>"}'],
    ['names of other fields', '{"data":{"data":null},"role":0,"login":"x","id":null}'],
    ['an empty object', '{}'],
    ['an object in an object', '{"":{"":{}}}'],
    ['thousands of levels of objects', `${'{"a":'.repeat(10_000)}{}${'}'.repeat(10_000)}`],
    ['thousands of levels of arrays', `{"a":${'['.repeat(32_000)}${']'.repeat(32_000)}}`],
  ])('comes back exactly as sent: %s', async (_, data) => {
    const login = freshName('data');
    const created = await service.admin.post(
      '/user',
      `{"login":"${login}","data":${data},"password":"${PASSWORD}","role":1}`,
    );
    expect(created.status).toBe(201);
    const { id } = created.body;
    const updated = await service.createUser();
    expect((await put(updated.id, data)).status).toBe(204);

    for (const { text } of [
      created,
      await service.admin.get(`/user/${id}`),
      await service.admin.get(`/user?login=${login}`),
      await updated.client.get('/user/current'),
    ]) {
      // Not expect(text).toContain: a failure would print megabytes.
      expect(text.includes(`"data":${data},"introReviewed":false`)).toBe(true);
    }
  });

  it('comes back as sent for each of many users in one list', async () => {
    const prefix = freshName('many');
    const texts = ['{"2":1,"1":{}}', 'null', '{"a":[1,{"b":1e999}]}', '{}'];
    for (const [index, data] of texts.entries()) {
      const body = `{"login":"${prefix}-${index}","password":"${PASSWORD}","role":1,"data":${data}}`;
      expect((await service.admin.post('/user', body)).status).toBe(201);
    }
    const { text } = await service.admin.get(`/user?loginPattern=${prefix}%25`);
    expect([...text.matchAll(/"data":(.*?),"introReviewed"/g)].map(([, data]) => data)).toEqual(texts);
  });

  it('is found by its name however that is spelt in JSON, and the last one counts', async () => {
    const { id } = await service.createUser();
    for (const [body, wanted] of [
      ['{"d\\u0061ta" : {"a": 1} }', '{"a": 1}'],
      ['{"data":{"first":1},"data":{"second":2}}', '{"second":2}'],
      ['{"data":{"first":1},"d\\u0061ta":{"third":[3]},"introReviewed":false}', '{"third":[3]}'],
      ['{"data":{"first":1},"data":null}', 'null'],
    ] as const) {
      expect((await service.admin.put(`/user/${id}`, body)).status).toBe(204);
      expect((await service.admin.get(`/user/${id}`)).text).toContain(`"data":${wanted},`);
    }
    expectError(await service.admin.put(`/user/${id}`, '{"data":{"a":1},"data":[2]}'), {
      status: 400,
      fields: ['data'],
    });
  });

  it.each([
    ['of one byte', 'x'],
    ['of two bytes', 'é'],
    ['of three bytes', '€'],
    ['of four bytes', '😀'],
  ])('may have 64 KiB and not one byte more, in characters %s', async (_, character) => {
    const { id } = await service.createUser();
    const largest = objectOfBytes(LIMIT, character);
    expect(Buffer.byteLength(largest)).toBe(LIMIT);
    expect((await put(id, largest)).status).toBe(204);
    expectError(await put(id, objectOfBytes(LIMIT + 1, character)), { status: 400, fields: ['data'] });
    expect((await service.admin.get(`/user/${id}`)).text.includes(largest)).toBe(true);
  });

  it('is measured as sent: white space inside counts, around it does not', async () => {
    const { id } = await service.createUser();
    const space = ' '.repeat(LIMIT);
    expectError(await put(id, `{${space}}`), { status: 400, fields: ['data'] });
    expect((await put(id, `${space}{}${space}`)).status).toBe(204);
    expectError(
      await service.admin.post(
        '/user',
        `{"login":"too-large","password":"${PASSWORD}","role":1,"data":${objectOfBytes(LIMIT + 1, 'x')}}`,
      ),
      { status: 400, fields: ['data'] },
    );
  });

  it('is cleared by null, and left as it is when absent or refused', async () => {
    const { id } = await service.createUser({ data: { kept: true } });
    const data = async () => (await service.admin.get(`/user/${id}`)).body.data;
    expect((await service.admin.put(`/user/${id}`, { introReviewed: true })).status).toBe(204);
    expect(await data()).toEqual({ kept: true });
    for (const refused of ['[]', '[1]', '[[{}]]', '"text"', '""', '0', 'true', 'false', '"{}"'])
      expectError(await put(id, refused), { status: 400, fields: ['data'] });
    expect(await data()).toEqual({ kept: true });
    expect((await put(id, 'null')).status).toBe(204);
    expect(await data()).toBeNull();
  });

  it('is replaced as a whole, not merged', async () => {
    const { id } = await service.createUser({ data: { a: 1, b: { c: 2 } } });
    await put(id, '{"b":{}}');
    expect((await service.admin.get(`/user/${id}`)).body.data).toEqual({ b: {} });
  });
});
