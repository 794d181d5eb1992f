import { describe, expect, it } from 'vitest';
import type { Answer } from '../support/client.js';
import { DATABASES } from '../support/database.js';
import { ServiceProcess } from '../support/process.js';
import { sendRaw } from '../support/raw.js';
import { note, whole } from './promise.js';
import { ProvenService } from './proven-service.js';

const KEY_ENCRYPTION_SECRET = 'the key encryption secret of proofs';
/** Where people put what they should not. */
const MISPLACED = 'a-secret-that-came-where-none-belongs';

describe('Secrets stay in', () => {
  it.for(DATABASES)(
    'ASVS 14.2.1, 16.2.5, 16.5.1: whatever goes wrong, and however loud the log is, on %s',
    async (kind, { task }) => {
      const service = await ProvenService.start({
        kind,
        environment: { LOG_LEVEL: 'trace', KEY_ENCRYPTION_SECRET, REQUIRE_OLD_PASSWORD: 'true' },
      });
      const { client, admin, secrets, database } = service;
      for (const secret of [KEY_ENCRYPTION_SECRET, MISPLACED, '-----BEGIN PRIVATE KEY-----'])
        secrets.add(secret);
      const [login, password, next] = ['ada', 'a password of proofs', 'the next password of ada'];
      const id = await service.createUser(login);
      const { body } = await client.post('/token', { login, password });
      const own = client.as((body as { accessToken: string }).accessToken);
      const answers: Answer[] = [];
      const hear = async (...asked: Promise<Answer>[]) => answers.push(...(await Promise.all(asked)));

      // Wrong, in the wrong place, of the wrong type, half of it.
      await hear(
        client.post('/token', { login, password: MISPLACED }),
        client.post('/token', { login: MISPLACED, password: 'x' }),
        client.post('/token', { login, password: [MISPLACED] }),
        client.post('/token', { login, password, token: MISPLACED }),
        client.post('/token', `{"login": "ada", "password": "${MISPLACED}`),
        client.post('/token', `{"login": "ada", "password": "${MISPLACED}"}`, {
          'content-type': 'text/plain',
        }),
        client.post(`/token?password=${MISPLACED}`, { login, password }),
        client.post('/token/refresh', { refreshToken: MISPLACED }),
        client.as(MISPLACED).get('/user/current'),
        client.get('/user/current', { authorization: `Basic ${MISPLACED}` }),
        client.get('/user/current', { cookie: MISPLACED, 'x-api-key': MISPLACED }),
        own.put('/user/current', { password: next, oldPassword: MISPLACED }),
        own.put('/user/current', { password: `${MISPLACED}${'x'.repeat(200)}`, oldPassword: password }),
        own.put('/user/current', { password: next, passwort: MISPLACED }),
        admin.post('/user', { login: 'ada', role: 1, password: MISPLACED }),
        admin.post('/user', { login: 'grace', role: 9, password: MISPLACED }),
        admin.get(`/user?password=${MISPLACED}`),
        admin.put('/configuration/jwt.secret', { value: MISPLACED }),
        admin.put('/configuration/mail.password', { value: MISPLACED }),
        sendRaw(
          client.baseUrl,
          `GET / HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer ${MISPLACED}\r\n\r\n`,
        ),
      );
      await hear(own.put('/user/current', { password: next, oldPassword: password }));
      await hear(own.get('/user/current'), admin.get('/user'), admin.get(`/user/${id}`));
      const hash = await database.query('SELECT password_hash FROM users WHERE id = ?', [id]);

      // The database fails in the middle of a change: its errors carry the values of their statements.
      await database.query('ALTER TABLE pending_events RENAME TO away');
      await hear(
        admin.put(`/user/${id}`, { password: 'one more password of ada' }),
        admin.post('/user', { login: 'grace', role: 1, password: 'the password of grace' }),
      );
      await database.query('ALTER TABLE away RENAME TO pending_events');
      const failed = answers.slice(-2).map(({ status }) => status);
      // The answer may be here before its line in the log.
      await service.process.written(/(?:request failed.*){2}/s);
      const hashInLog = service.process.output.includes(String(hash[0]?.['password_hash']));

      const search = await service.remove({
        answers: answers.map(({ text, headers }) => text + JSON.stringify([...headers])).join('\n'),
      });
      note(
        { task },
        {
          tried: `wrong, misplaced, misspelt and broken-off secrets, and a database that fails halfway, LOG_LEVEL=trace, ${kind}: ${search.secrets} secrets in ${whole(search.characters)} characters of log, answers and database`,
          seen: `${search.found.length} found`,
        },
      );
      expect(failed).toEqual([500, 500]);
      expect(hashInLog, 'a hash in the log').toBe(false);
    },
  );

  it('ASVS 16.5.1: those of the settings, when the start fails for them', async ({ task }) => {
    const cases: Record<string, string>[] = [
      { DATABASE_URL: `postgres://hivegate:${MISPLACED}@127.0.0.1:1/hivegate` },
      { DATABASE_URL: `mysql://hivegate:${MISPLACED}@127.0.0.1/hivegate` },
      { DATABASE_URL: `postgres://hivegate:${MISPLACED}@nowhere.invalid/hivegate` },
      { ADMIN_PASSWORD: MISPLACED, PASSWORD_MIN_LENGTH: '100' },
      { JWT_SECRET: MISPLACED.slice(0, 20) },
      { KEY_ENCRYPTION_SECRET: 'short secret' },
    ];
    const leaks: string[] = [];
    for (const environment of cases) {
      const service = await ServiceProcess.spawn({ LOG_LEVEL: 'trace', ...environment });
      expect(await service.ended).toBe(1);
      for (const secret of [MISPLACED, MISPLACED.slice(0, 20), 'short secret'])
        if (service.output.includes(secret)) leaks.push(Object.keys(environment).join());
      await service.remove();
    }
    note(
      { task },
      {
        tried: `${cases.length} starts that fail for a setting with a secret in it`,
        seen: `${leaks.length} show it`,
      },
    );
    expect(leaks).toEqual([]);
  });
});
