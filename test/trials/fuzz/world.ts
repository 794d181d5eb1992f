import { claimsOf, type Client } from '../../support/client.js';
import { ADMINISTRATOR, type ProvenService } from '../proven-service.js';
import type { Caller, OpenSession, Scene } from './generator.js';

const PASSWORD = 'the password of fuzz';
/** How many there are at the beginning of a batch of what anything may be done to. */
const PLENTY = 8;
const TOO_MANY = 30;
/** Sessions of each user that may be revoked. */
const SESSIONS = 4;
const SETTINGS = ['fuzz.one', 'fuzz.two', 'fuzz.three', 'user.login.maxAttempts'];

/** A user that stays as it is, batch after batch. */
interface Kept {
  readonly id: number;
  readonly login: string;
  readonly role: number;
  readonly status: number;
}

/** Those who ask and what they ask for. It is mended between batches, so that each begins alike. */
export class World {
  private kept: Kept[] = [];
  private callers: Caller[] = [];
  private credentials = { login: 'fuzz-signer', password: PASSWORD };
  private refreshToken = '';
  private victim = 0;
  private assigned: Record<string, string> = {};
  private sessions: OpenSession[] = [];
  private made = 0;
  private lists: Record<'users' | 'networks' | 'deviceTypes', number[]> = {
    users: [],
    networks: [],
    deviceTypes: [],
  };

  private constructor(private readonly service: ProvenService) {}

  static async create(service: ProvenService): Promise<World> {
    const world = new World(service);
    await world.people();
    await world.mend();
    return world;
  }

  get scene(): Scene {
    const { callers, credentials, refreshToken, victim, assigned, sessions, lists, service } = this;
    return {
      host: new URL(service.client.baseUrl).host,
      callers,
      ...lists,
      settings: SETTINGS,
      assigned,
      sessions,
      victim: `/user/${victim}`,
      credentials,
      refreshToken,
    };
  }

  /** Puts everything back that requests have done, so that the next ones find what they need. */
  async mend(): Promise<void> {
    const { database, admin } = this.service;
    const users = await database.query(
      'SELECT id, login, role, status, length(data) AS size FROM users ORDER BY id',
    );
    for (const { id, login, role, status } of this.kept) {
      const found = users.find((user) => Number(user['id']) === id);
      if (!found) throw new Error(`${login} is gone`);
      if (found['login'] !== login || Number(found['role']) !== role || Number(found['status']) !== status)
        await expectDone(admin.put(`/user/${id}`, { login, role, status }));
    }
    const others = (rows: readonly Record<string, unknown>[], spared: readonly number[]) =>
      rows.map(({ id }) => Number(id)).filter((id) => !spared.includes(id));
    this.lists = {
      users: await this.enough(
        'users',
        others(users, [1, ...this.kept.map(({ id }) => id)]),
        '/user',
        () => ({
          role: 1,
          password: PASSWORD,
          login: this.name(),
          // Those who have all of them are assigned none.
          allDeviceTypesAvailable: this.made % 2 === 0,
        }),
      ),
      networks: await this.enough('networks', await this.ids('networks'), '/network', () => ({
        name: this.name(),
      })),
      deviceTypes: await this.enough('device_types', await this.ids('device_types'), '/devicetype', () => ({
        name: this.name(),
      })),
    };
    await this.openSessions();
    await database.query('DELETE FROM configuration');
    // Lists would be slow to read with data of 64 KiB in every row.
    await database.query('UPDATE users SET data = NULL WHERE length(data) > 1000');
    for (const name of SETTINGS.slice(0, -1))
      await expectDone(admin.put(`/configuration/${name}`, { value: '1' }));
  }

  /**
   * Opens the sessions of the callers again that a request has revoked: without them nothing but 401 would come of the
   * rest.
   */
  async reopenSessions(): Promise<void> {
    const ids = this.callers.filter(({ weight }) => weight > 4).map(({ id }) => id);
    await this.service.database.query(
      `UPDATE sessions SET revoked_at = NULL, removable_at = expires_at
       WHERE revoked_at IS NOT NULL AND user_id IN (${[1, ...ids].join()})`,
    );
  }

  /** Creates sessions for those who ask, so that there are some to revoke. */
  private async openSessions(): Promise<void> {
    const { database, admin } = this.service;
    const rows = await database.query('SELECT id FROM sessions WHERE revoked_at IS NULL');
    const open = new Set(rows.map(({ id }) => id));
    this.sessions = this.sessions.filter(({ sessionId }) => open.has(sessionId));
    const active = this.kept.filter(({ id, status }) => status === 0 && id !== this.victim);
    for (const { id: userId } of active) {
      const existing = this.sessions.filter((session) => session.userId === userId).length;
      for (let made = existing; made < SESSIONS; made += 1) {
        const { body } = await expectDone(admin.post('/token/create', { userId }));
        this.sessions.push({ userId, sessionId: String(claimsOf(body.accessToken as string)['sid']) });
      }
    }
  }

  private async ids(table: string): Promise<number[]> {
    const rows = await this.service.database.query(`SELECT id FROM ${table} WHERE id > 1 ORDER BY id`);
    return rows.map(({ id }) => Number(id));
  }

  /** As many as are needed of one kind: makes them, or takes the eldest away. */
  private async enough(table: string, ids: number[], path: string, body: () => object): Promise<number[]> {
    const { admin, database } = this.service;
    const all = [...ids];
    while (all.length < PLENTY) all.push((await expectDone(admin.post(path, body()))).body.id as number);
    if (all.length <= TOO_MANY) return all;
    const left = all.slice(-PLENTY);
    const surplus = all.slice(0, -PLENTY);
    await database.query(`DELETE FROM ${table} WHERE id IN (${surplus.join()})`);
    return left;
  }

  private name(): string {
    this.made += 1;
    return `fuzz-of-world-${this.made}`;
  }

  private async people(): Promise<void> {
    const { client, admin } = this.service;
    const keep = async (
      login: string,
      fields: { role?: number; status?: number; [name: string]: unknown } = {},
    ) => {
      const id = await this.service.createUser(login, { password: PASSWORD, ...fields });
      const { body } = await client.post('/token', { login, password: PASSWORD });
      this.kept.push({ id, login, role: fields.role ?? 1, status: 0 });
      return { id, ...(body as { accessToken: string; refreshToken: string }) };
    };
    const end = async (id: number, status: number) => {
      await expectDone(admin.put(`/user/${id}`, { status }));
      this.kept = this.kept.map((user) => (user.id === id ? { ...user, status } : user));
    };
    const administrator = await keep('fuzz-admin', { role: 0 });
    const user = await keep('fuzz-client', { allDeviceTypesAvailable: false });
    await expectDone(admin.put(`/user/${user.id}/network/1`, {}));
    this.assigned = { id: String(user.id), networkId: '1' };
    const { accessToken } = (await client.post('/token', { login: 'fuzz-client', password: PASSWORD })).body;
    const lesser = await admin.post('/token/create', { userId: user.id, actions: ['GetDevice'] });
    const narrow = await admin.post('/token/create', { userId: administrator.id, actions: ['ManageToken'] });
    const locked = await keep('fuzz-locked');
    await end(locked.id, 1);
    const disabled = await keep('fuzz-disabled', { role: 0 });
    await end(disabled.id, 2);
    const gone = await keep('fuzz-gone');
    await expectDone(admin.delete(`/user/${gone.id}`));
    this.kept.pop();
    this.refreshToken = (await keep(this.credentials.login)).refreshToken;
    this.victim = (await keep('fuzz-victim')).id;
    this.callers = [
      { name: 'administrator', token: administrator.accessToken, id: administrator.id, weight: 50 },
      { name: 'client', token: accessToken, id: user.id, weight: 14 },
      { name: 'client with one right', token: lesser.body.accessToken, id: user.id, weight: 6 },
      {
        name: 'administrator with one right',
        token: narrow.body.accessToken,
        id: administrator.id,
        weight: 6,
      },
      { name: 'locked-out user', token: locked.accessToken, id: locked.id, weight: 4 },
      { name: 'disabled user', token: disabled.accessToken, id: disabled.id, weight: 3 },
      { name: 'deleted user', token: gone.accessToken, id: 0, weight: 2 },
      { name: 'nobody', token: undefined, id: 0, weight: 9 },
      { name: 'refresh token', token: administrator.refreshToken, id: 0, weight: 3 },
      { name: 'broken token', token: administrator.accessToken.slice(0, -9), id: 0, weight: 3 },
    ];
  }
}

async function expectDone(asked: ReturnType<Client['get']>): ReturnType<Client['get']> {
  const answer = await asked;
  if (answer.status >= 300)
    throw new Error(`${ADMINISTRATOR.login} was answered ${answer.status}: ${answer.text}`);
  return answer;
}
