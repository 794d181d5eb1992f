import { expect } from 'vitest';
import { freshName } from '../../support/fresh-name.js';
import type { Answer } from '../harness/generated-client.js';
import type { Case, Scene } from './case.js';

type Parameters = Record<string, string | number | boolean>;

/** The `after` of the page that `Link` announces. */
function afterOf({ headers }: Answer): string | undefined {
  const link = headers['link'];
  if (link === undefined) return undefined;
  const [, target = ''] = /^<([^<>]*)>; rel="next"$/.exec(link) ?? [];
  return new URL(target, 'http://service').searchParams.get('after') ?? undefined;
}

/** Reads pages until `Link` announces no more, as users of a generated client do: by `after`. */
async function readAll(
  { client, admin: token }: Scene,
  operation: string,
  parameters: Parameters,
  typed: (after: string) => string | number = String,
): Promise<readonly (readonly Record<string, unknown>[])[]> {
  const pages = [];
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const page = await client.call(operation, {
      token,
      parameters: { ...parameters, ...(after !== undefined && { after: typed(after) }) },
    });
    expect(page.status).toBe(200);
    pages.push(page.body);
    expect(pages.length, 'the list has an end').toBeLessThan(20);
    after = afterOf(page);
  }
  return pages;
}

/** Five users whose logins begin alike, in the order of their ids. */
async function createFive({
  createUser,
}: Scene): Promise<{ prefix: string; logins: string[]; ids: number[] }> {
  const prefix = freshName('listed');
  const users = [];
  for (const letter of ['c', 'a', 'e', 'b', 'd'])
    users.push(await createUser({ login: `${prefix}${letter}` }));
  return { prefix, logins: users.map(({ login }) => login), ids: users.map(({ id }) => id) };
}

/** Lists: pages to the end, filters, sorting, counts. */
export const LISTS: readonly Case[] = [
  {
    name: 'users are listed page by page to the end',
    run: async (scene) => {
      const { prefix, ids } = await createFive(scene);
      const pages = await readAll(scene, 'listUsers', { loginPattern: `${prefix}%`, take: 2 });
      expect(pages.map((page) => page.map(({ id }) => id))).toEqual([
        ids.slice(0, 2),
        ids.slice(2, 4),
        ids.slice(4),
      ]);
    },
  },
  {
    name: 'users are listed by login, backwards, page by page to the end',
    run: async (scene) => {
      const { prefix, logins } = await createFive(scene);
      const sorted = { sortField: 'Login', sortOrder: 'DESC' };
      const pages = await readAll(scene, 'listUsers', { loginPattern: `${prefix}%`, take: 3, ...sorted });
      expect(pages.flat().map(({ login }) => login)).toEqual(logins.toSorted().toReversed());
      expect(pages).toHaveLength(2);
    },
  },
  {
    name: 'users are skipped',
    run: async (scene) => {
      const { prefix, ids } = await createFive(scene);
      const { client, admin: token } = scene;
      const parameters = { loginPattern: `${prefix}%`, skip: 1, take: 3 };
      const { body } = await client.call('listUsers', { token, parameters });
      expect(body.map(({ id }: { id: number }) => id)).toEqual(ids.slice(1, 4));
    },
  },
  {
    name: 'users are filtered by login, role and status, 0 included, and counted so',
    run: async ({ client, admin: token, createUser }) => {
      const prefix = freshName('filtered');
      const administrator = await createUser({ login: `${prefix}-0`, role: 0 });
      const active = await createUser({ login: `${prefix}-1` });
      const counts = async (parameters: Parameters) => {
        const { body: users } = await client.call('listUsers', { token, parameters });
        const { body: total } = await client.call('countUsers', { token, parameters });
        expect(total).toEqual({ count: users.length });
        return users.map(({ id }: { id: number }) => id);
      };
      expect(await counts({ login: active.login })).toEqual([active.id]);
      expect(await counts({ loginPattern: `${prefix}%`, role: 0 })).toEqual([administrator.id]);
      expect(await counts({ loginPattern: `${prefix}%`, role: 1, status: 0 })).toEqual([active.id]);
      expect(await counts({ loginPattern: `${prefix}%`, status: 2 })).toEqual([]);
    },
  },
  {
    name: 'networks and device types are listed, filtered, sorted and counted',
    run: async (scene) => {
      const { client, admin: token, service } = scene;
      for (const [path, kind] of [
        ['network', 'Network'],
        ['devicetype', 'DeviceType'],
      ] as const) {
        const prefix = freshName('scope');
        const names = ['b', 'c', 'a'].map((letter) => `${prefix}${letter}`);
        for (const name of names) await service.admin.post(`/${path}`, { name });
        const list = `list${kind}s`;
        const alike = { namePattern: `${prefix}%` };
        const pages = await readAll(scene, list, { ...alike, sortField: 'Name', sortOrder: 'ASC', take: 2 });
        expect(pages.map((page) => page.map(({ name }) => name))).toEqual([
          [`${prefix}a`, `${prefix}b`],
          [`${prefix}c`],
        ]);
        const [name = ''] = names;
        const { body } = await client.call(list, { token, parameters: { name } });
        expect(body).toEqual([{ id: expect.any(Number), name, description: null }]);
        const count = await client.call(`count${kind}s`, { token, parameters: alike });
        expect(count).toMatchObject({ status: 200, body: { count: 3 } });
      }
    },
  },
  {
    name: 'events of a user are read page by page to the end, with what changed',
    run: async (scene) => {
      const { client, admin: token, createUser } = scene;
      const { id } = await createUser();
      const changes = { role: 0, status: 1, allDeviceTypesAvailable: false };
      for (const [field, value] of Object.entries(changes))
        await client.call('updateUser', { token, parameters: { id }, body: { [field]: value } });
      const filter = { subject: `user/${id}`, type: 'hivegate.user.updated', actor: 1, take: 2 };
      const events = (await readAll(scene, 'listEvents', filter, Number)).flat();
      expect(events.map(({ data }) => (data as { changes: object }).changes)).toEqual([
        { role: { old: 1, new: 0 } },
        { status: { old: 0, new: 1 } },
        { allDeviceTypesAvailable: { old: true, new: false } },
      ]);
      for (const event of events)
        expect(event).toMatchObject({
          specversion: '1.0',
          type: 'hivegate.user.updated',
          data: { actor: 1 },
        });
    },
  },
  {
    name: 'events are read since a moment and until another',
    run: async ({ client, admin: token, createUser }) => {
      const { id } = await createUser();
      const subject = `user/${id}`;
      const { body } = await client.call('listEvents', { token, parameters: { subject } });
      const since = body[0].time as string;
      const again = await client.call('listEvents', { token, parameters: { subject, since } });
      expect(again.body).toEqual(body);
      const none = await client.call('listEvents', { token, parameters: { subject, until: since } });
      expect(none.body).toEqual([]);
    },
  },
];
