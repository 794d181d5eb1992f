import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import type { EventView } from '../../src/events/event.view.js';
import { OpenReaders } from '../../src/http/open-readers.js';
import type { Client } from '../support/client.js';
import { EventSourceReader } from '../support/event-source.js';
import { freshName } from '../support/fresh-name.js';
import { TestService } from '../support/service.js';
import { until } from '../support/until.js';

let service: TestService;
let admin: Client;
beforeAll(async () => {
  service = await TestService.start();
  ({ admin } = service);
});
afterAll(() => service.stop());

const open = (query = '', headers: Record<string, string> = {}, token = admin.token) =>
  EventSourceReader.open(`${admin.baseUrl}/event${query}`, token, headers);
const list = async (query = ''): Promise<EventView[]> => (await admin.get(`/event?take=1000${query}`)).body;
const change = () => admin.post('/network', { name: freshName('net') });

describe('GET /event as a stream', () => {
  it('shows what the list shows, then each new event once and in order, and goes on from Last-Event-ID', async () => {
    for (let count = 0; count < 250; count += 1) await change();
    const before = await list();
    const stream = await open('?take=1');
    await Promise.all(Array.from({ length: 20 }, change));
    await stream.first(before.length + 20);
    const all = await list();
    expect(stream.messages.map(({ data }) => data)).toEqual(all);
    expect(stream.messages.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    const middle = all[100]?.id ?? '';
    const resumed = await open('?after=5', { 'last-event-id': middle });
    await resumed.first(all.length - 101);
    expect(resumed.messages.map(({ id }) => id)).toEqual(all.slice(101).map(({ id }) => id));
    const filtered = await open(`?type=hivegate.network.deleted&after=${all.at(-1)?.id}`);
    const { body } = await change();
    await admin.delete(`/network/${body.id}`);
    const [deleted] = await filtered.first(1);
    expect(deleted?.data.subject).toBe(`network/${body.id}`);
    for (const each of [stream, resumed, filtered]) each.close();
  });

  it('refuses what is no id, and ids that no event can have here', async () => {
    const last = Number((await list()).at(-1)?.id);
    for (const [sent, status] of [
      ['x', 400],
      ['-1', 400],
      ['1.2', 400],
      ['1.AAAAAAAAAAAA.1', 400],
      [String(last + 1_000_000), 410],
      [`${last}.AAAAAAAAAAAA`, 410],
      [String(last), 200],
    ] as const) {
      const stream = await open('', { 'last-event-id': sent });
      expect([sent, stream.status]).toEqual([sent, status]);
      if (status === 400) expect(stream.error.details[0].field).toBe('Last-Event-ID');
      stream.close();
    }
    await service.app
      .get(Database)
      .transaction(({ manager }) => manager.query(`UPDATE "incarnations" SET "events_from" = ${last}`));
    const old = await open('', { 'last-event-id': String(last - 1) });
    expect(old.status).toBe(410);
    const stream = await open();
    const messages = await stream.first(last);
    const id = messages[last - 2]?.id ?? '';
    expect(id).toMatch(new RegExp(`^${last - 1}\\.[\\w-]{12}$`));
    expect(messages[last - 1]?.id).toBe(String(last));
    const resumed = await open('', { 'last-event-id': id });
    expect((await resumed.first(1))[0]?.id).toBe(String(last));
    for (const each of [stream, resumed]) each.close();
    await service.app
      .get(Database)
      .transaction(({ manager }) => manager.query('UPDATE "incarnations" SET "events_from" = 0'));
  });

  it('ends when its user is demoted or signed out, and is for administrators alone', async () => {
    const client = await service.createUser();
    expect((await open('', {}, client.accessToken)).status).toBe(403);
    for (const end of [
      (id: number) => admin.put(`/user/${id}`, { role: 1 }),
      (id: number) => admin.put(`/user/${id}`, { status: 2 }),
      (id: number) => admin.delete(`/user/${id}/session`),
    ]) {
      const { id, accessToken } = await service.createUser({ role: 0 });
      const stream = await open('', {}, accessToken);
      await stream.first(1);
      await end(id);
      await stream.ended();
    }
  });

  it('has no body for HEAD, and JSON where that is preferred', async () => {
    const accept = { accept: 'text/event-stream' };
    expect((await admin.send('HEAD', '/event', { headers: accept })).status).toBe(200);
    for (const preferred of ['text/event-stream;q=0', 'application/json, text/event-stream;q=0.5', '*/*']) {
      const { headers } = await admin.get('/event', { accept: preferred });
      expect(headers.get('content-type')).toMatch(/^application\/json/);
    }
  });

  it('ends at once when the service stops', async () => {
    const other = await TestService.start({}, service.database);
    const streams = await Promise.all([
      EventSourceReader.open(`${other.admin.baseUrl}/event`, other.admin.token),
      EventSourceReader.open(`${other.admin.baseUrl}/revocation`, other.admin.token),
    ]);
    const polling = other.admin.get(
      `/revocation?wait=30&after=${(await other.admin.get('/revocation')).body.cursor}`,
    );
    await until(() => other.app.get(OpenReaders).size === 3);
    const start = performance.now();
    await other.stop();
    await Promise.all(streams.map((stream) => stream.ended()));
    expect((await polling).status).toBe(200);
    // Not the 20 seconds that responses have, nor the 30 of the poll.
    expect(performance.now() - start).toBeLessThan(15_000);
  });
});
