import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it, type TestContext } from 'vitest';
import { Client } from '../../support/client.js';
import { commandOutput } from '../../support/command.js';
import { createDatabase, type DatabaseKind, DATABASES } from '../../support/database.js';
import { ServiceProcess } from '../../support/process.js';
import { until } from '../../support/until.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ADMINISTRATOR, ProvenService } from '../proven-service.js';
import { Caller, kidOf, OfflineVerifier } from './callers.js';
import { hashing } from './hashing.js';
import { inconsistencies, type Progress, RecordedWriter } from './snapshots.js';

const CALLERS = times(32, 8);
const WRITERS = times(32, 8);
const BALLAST = 20_000;
const PASSWORD = 'a password of proofs';
/** Seconds of an access token, and from when a key is published until it signs. */
const TTL = times(6, 3);
const LEAD = 3;
/** Within how many milliseconds a revoked key is taken nowhere, as 0012-key-rotation.md has it. */
const BOUND = 2000;

/** Starts a service that verifies by itself, with the keys that a process of ours publishes. */
async function startOfflineService(hivegate: Client, { onTestFinished }: TestContext): Promise<Client> {
  const child = spawn(process.execPath, ['test/trials/operations/offline-service.mjs'], {
    env: { PORT: '0', JWKS_URL: `${hivegate.baseUrl}/.well-known/jwks.json`, JWKS_COOLDOWN: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  return new Promise((found, failed) => {
    child
      .once('error', failed)
      .stdout.setEncoding('utf8')
      .once('data', (line: string) => {
        found(new Client(line.trim()));
      });
  });
}

/** Tokens that one key has signed, with a long life. */
interface Kept {
  readonly kid: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function createTokens(process: Client, actions: readonly string[] = ['GetCurrentUser']): Promise<Kept> {
  const { body: admin } = await hashing(() => process.post('/token', ADMINISTRATOR));
  const { body } = await process.as(admin.accessToken).post('/token/create', {
    userId: 1,
    actions,
    // Without it the token reaches no network, whoever's it is.
    networkIds: '*',
    expiration: new Date(Date.now() + 3_600_000).toISOString(),
  });
  return { ...body, kid: kidOf(body.accessToken) };
}

/** Makes clients, and answers with their ids. */
async function createUsers(process: Client, logins: readonly string[]): Promise<number[]> {
  const admin = process.as((await createTokens(process, ['*'])).accessToken);
  return Promise.all(
    logins.map(async (login) => {
      const user = { login, password: PASSWORD, role: 1 };
      const { body } = await hashing(() => admin.post('/user', user));
      return body.id as number;
    }),
  );
}

/** What the tokens of a key are answered by every process. */
async function answersTo({ accessToken, refreshToken }: Kept, processes: readonly Client[]) {
  const answers = await Promise.all(
    processes.flatMap((client) => [
      client.as(accessToken).get('/user/current'),
      client.post('/token/refresh', { refreshToken }),
    ]),
  );
  return answers.map(({ status }) => status);
}

/** Revokes a key, and answers with how long after the command some process still took its tokens. */
async function revoke(key: Kept, processes: readonly Client[], url: string): Promise<number> {
  await commandOutput('keys', ['revoke', key.kid], { DATABASE_URL: url });
  const began = performance.now();
  let last = 0;
  let refusedInARow = 0;
  while (refusedInARow < 5 && last < 20_000) {
    const asked = performance.now() - began;
    const answers = await answersTo(key, processes);
    refusedInARow = answers.every((status) => status === 401) ? refusedInARow + 1 : 0;
    if (refusedInARow === 0) last = asked;
    await pause(20);
  }
  return last;
}

describe('Keys rotate, backups restore', () => {
  it.concurrent.for(DATABASES)(
    'ASVS 9.1.3: keys rotate under load, and a revoked one is taken nowhere, on %s',
    async (kind: DatabaseKind, context) => {
      const { task, expect, onTestFinished } = context;
      const environment = { ACCESS_TOKEN_TTL: String(TTL), LOG_LEVEL: 'warn' };
      const service = await ProvenService.start({ kind, environment, documented: false });
      const { url } = service.database;
      const logins = Array.from({ length: CALLERS }, (_, index) => `caller-${index}`);
      const first = new Client(service.client.baseUrl);
      await createUsers(first, logins);
      const processes = [first];
      if (kind === 'postgres') {
        const second = await ServiceProcess.start({ DATABASE_URL: url, RATE_LIMIT: 'off', ...environment });
        onTestFinished(() => second.service.remove());
        processes.push(second.client);
      }
      const offline = await startOfflineService(processes.at(-1) ?? first, context);
      const verifier = new OfflineVerifier(processes);
      const callers = logins.map(
        (login) => new Caller({ login, password: PASSWORD }, processes, verifier, offline),
      );
      let ended = false;
      onTestFinished(() => void (ended = true));
      const load = [verifier, ...callers].map((one) => one.live(() => ended));

      const kept = [await createTokens(first)];
      const wrong: string[] = [];
      const rotations = times(8, 1);
      for (let rotation = 0; rotation < rotations; rotation += 1) {
        const said = await commandOutput('keys', ['rotate', '--in', String(LEAD)], { DATABASE_URL: url });
        const kid = said.slice(0, 43);
        const from = Date.parse(/from (\S+) on/.exec(said)?.[1] ?? '');
        // In the slice the machine may be so busy that a process has yet to hear of it.
        while (isWhole ? Date.now() < from : (await createTokens(first)).kid !== kid) await pause(20);
        for (const process of processes) kept.push(await createTokens(process));
        for (const key of kept.slice(-processes.length))
          if (key.kid !== kid) wrong.push(`${key.kid} signs, and not ${kid}`);
        for (const key of kept)
          for (const status of await answersTo(key, processes))
            if (status >= 300) wrong.push(`a token of ${key.kid}: ${status}`);
      }
      // All but the last: while they are revoked, everybody goes on with it.
      await pause((TTL + 1) * 1000);
      const expired = () => callers.reduce((sum, caller) => sum + caller.expired, 0);
      await until(() => expired() > 0);
      const oldest = [...new Set(kept.map(({ kid }) => kid))].slice(0, times(5, 1));
      const revoked = oldest.flatMap((kid) => kept.find((key) => key.kid === kid) ?? []);
      const lived: number[] = [];
      for (const key of revoked) lived.push(await revoke(key, processes, url));
      const left = kept.filter(({ kid }) => !oldest.includes(kid));
      for (const key of left)
        for (const status of await answersTo(key, processes))
          if (status >= 300) wrong.push(`a token of ${key.kid}, which is not revoked: ${status}`);
      ended = true;
      await Promise.all(load);

      wrong.push(...callers.flatMap((caller) => caller.wrong));
      const sum = (count: (caller: Caller) => number) =>
        callers.reduce((total, caller) => total + count(caller), 0);
      const signers = new Set(callers.flatMap((caller) => [...caller.signers]));
      for (const { accessToken, refreshToken } of kept)
        service.secrets.addFrom({ accessToken, refreshToken });
      note(
        { task },
        {
          tried: `${rotations} rotations under ${CALLERS} clients that sign in, refresh, read and verify offline, by ${processes.length} ${processes.length === 1 ? 'process' : 'processes'}, ${kind}; ${revoked.length} keys revoked`,
          seen: `${whole(sum(({ requests }) => requests))} requests, ${wrong.length} refused that should not be; ${signers.size} keys signed, each known offline before it did (${whole(verifier.checked)} tokens); every token good until it expired (${whole(sum(({ expired }) => expired))} seen to) or its key was revoked: ${whole(Math.max(...lived))} ms later at the most`,
        },
      );
      await service.remove();
      expect(wrong).toEqual([]);
      expect(signers.size).toBe(rotations + 1);
      expect(sum(({ expired }) => expired)).toBeGreaterThan(0);
      expect(Math.max(...lived)).toBeLessThanOrEqual(isWhole ? BOUND : 20_000);
    },
  );
});

describe('Keys rotate, backups restore', () => {
  it.concurrent.for(DATABASES)(
    'a backup taken under load restores to one moment, from %s',
    async (kind, context) => {
      const { task, expect, onTestFinished } = context;
      const service = await ProvenService.start({
        kind,
        environment: { LOG_LEVEL: 'warn' },
        documented: false,
      });
      const directory = await mkdtemp(join(tmpdir(), 'hivegate-backups-'));
      onTestFinished(() => rm(directory, { recursive: true }));
      // Much to read between the users and their records: a copy of two moments would show.
      await service.database.query(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${BALLAST})
         INSERT INTO device_types (name, name_key) SELECT 'type-' || i, 'type-' || i FROM n`,
      );
      const client = new Client(service.client.baseUrl);
      const { accessToken } = await createTokens(client, ['*']);
      const logins = Array.from({ length: WRITERS }, (_, index) => `writer-${index}`);
      const ids = await createUsers(client, logins);
      const writers = logins.map((login, index) => new RecordedWriter(login, ids[index] ?? 0));
      let ended = false;
      onTestFinished(() => void (ended = true));
      const load = writers.map((writer) => writer.write(client.as(accessToken), () => ended));
      const backups: Backup[] = [];
      for (let index = 0; index < times(6, 1); index += 1) {
        await pause(200);
        const file = join(directory, `${index}.gz`);
        const before = writers.map(({ progress }) => progress);
        await commandOutput('backup', [file], { DATABASE_URL: service.database.url });
        backups.push({ file, before, after: writers.map(({ progress }) => progress) });
      }
      await until(() => writers.reduce((sum, { progress }) => sum + progress.acknowledged, 0) > WRITERS);
      ended = true;
      await Promise.all(load);

      const wrong = writers.flatMap(({ refused }) => refused);
      let rows = 0;
      for (const backup of backups) {
        const restored = await Promise.all(DATABASES.map((target) => tryBackup(backup, writers, target)));
        for (const { problems, users } of restored) {
          wrong.push(...problems);
          rows += users;
        }
      }
      const written = writers.reduce((sum, { progress }) => sum + progress.acknowledged, 0);
      note(
        { task },
        {
          tried: `${backups.length} backups under ${WRITERS} writers (${whole(written)} updates meanwhile), ${kind}, each restored into a new SQLite and a new PostgreSQL and started there`,
          seen: `${wrong.length} rows (of ${whole(rows)} users, their networks and records) of another moment than the rest, or acknowledged before and missing; everybody signs in, no id is given twice`,
        },
      );
      await service.remove();
      expect(wrong).toEqual([]);
      expect(written).toBeGreaterThan(WRITERS);
    },
  );
});

/** A backup, and how far the writers were right before and right after. */
interface Backup {
  readonly file: string;
  readonly before: readonly Progress[];
  readonly after: readonly Progress[];
}

/** Restores a backup into a new database, looks for what does not fit together, and starts the service on it. */
async function tryBackup(
  { file, before, after }: Backup,
  writers: readonly RecordedWriter[],
  kind: DatabaseKind,
): Promise<{ problems: string[]; users: number }> {
  const database = await createDatabase(kind);
  try {
    await commandOutput('restore', [file], { DATABASE_URL: database.url });
    const problems = await inconsistencies(database, writers, before, after);
    const users = Number((await database.query('SELECT count(*) AS n FROM users'))[0]?.['n']);
    const { service, client } = await ServiceProcess.start({ DATABASE_URL: database.url, LOG_LEVEL: 'warn' });
    try {
      const { status } = await client.post('/token', { login: writers[0]?.login, password: PASSWORD });
      if (status !== 201) problems.push(`a writer signs in: ${status}`);
      const { body } = await client.post('/token', ADMINISTRATOR);
      const admin = client.as(body?.accessToken);
      const count = (await admin.get('/user/count')).body?.count;
      if (count !== users) problems.push(`${users} users, and ${count} are counted`);
      const made = await admin.post('/user', { login: 'the-next', password: PASSWORD, role: 1 });
      const given = Math.max(...before.map(({ lastId }) => lastId));
      if (!(made.body?.id > given)) problems.push(`the next id is ${made.body?.id} after ${given}`);
    } finally {
      await service.remove();
    }
    return { problems, users };
  } finally {
    await database.remove();
  }
}
