import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { loadSqlite } from '../../src/database/sqlite/sqlite-driver.js';
import { kindOfDatabase } from '../support/database.js';
import { HOME, TestService } from '../support/service.js';

/* SQLite has one writer for a file. Another process may be it for long: an import of users, a tool of the operator. */

describe.runIf(kindOfDatabase() === 'sqlite')('While another process writes to the SQLite file', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await TestService.start();
  });
  afterAll(() => service.stop());

  /** Becomes the writer of the file. Returns what ends that. */
  const hold = () => {
    const other = new (loadSqlite())(service.database.url.replace('sqlite:', ''));
    onTestFinished(() => {
      other.close();
    });
    other.exec('BEGIN IMMEDIATE');
    return () => other.exec('COMMIT');
  };

  it('reads and health checks are answered, and writes and sign-ins when it is done', async () => {
    const user = await service.createUser();
    const release = hold();
    const statuses: number[] = [];
    const writes = [
      service.admin.put(`/user/${user.id}`, { data: { written: true } }),
      service.admin.post('/user', { login: 'meanwhile', role: 1, password: 'a password of tests' }),
      service.client.signIn(user, HOME),
    ].map(async (answer) => statuses.push((await answer).status));
    for (let round = 0; round < 5; round += 1) {
      expect((await service.client.get('/health/live')).status).toBe(200);
      expect((await service.client.get('/health/ready')).status).toBe(200);
      expect((await service.admin.get('/user')).status).toBe(200);
      const { status, body } = await user.client.get(`/user/${user.id}`);
      expect([status, body.data]).toEqual([200, null]);
    }
    expect(statuses, 'no write is answered before the lock is released').toEqual([]);
    release();
    await Promise.all(writes);
    expect(statuses.sort()).toEqual([201, 201, 204]);
    expect((await service.admin.get(`/user/${user.id}`)).body.data).toEqual({ written: true });
  });

  it('for longer than five seconds, writes are refused with 503, and the next ones are as ever', async () => {
    const user = await service.createUser();
    const release = hold();
    const { status, headers } = await service.admin.put(`/user/${user.id}`, { data: { written: true } });
    expect([status, headers.has('retry-after')]).toEqual([503, true]);
    release();
    expect((await service.admin.put(`/user/${user.id}`, { data: { written: true } })).status).toBe(204);
  });
});
