import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createService } from '../../../src/create-app.js';
import { EventsService } from '../../../src/events/events.service.js';
import { RevocationFeed } from '../../../src/revocations/revocation-feed.js';
import { readSettings } from '../../../src/settings/read-settings.js';
import { Client } from '../../support/client.js';
import { createDatabase, DATABASES, type TestDatabase } from '../../support/database.js';
import { note, times, whole } from '../promise.js';
import { FAULTS, type Plan, Statements } from './statements.js';
import { openTables, outline, staysOpen } from './tables.js';

/** Those that a start has: it is not tried again by itself. */
const FAULTS_OF_START = {
  sqlite: FAULTS.sqlite,
  postgres: FAULTS.postgres.filter((fault) => fault !== 'transient'),
};

/** Starts a service with a generated password, of which `shown` hears. */
async function start({ url }: TestDatabase, shown: (password: string) => void) {
  const settings = readSettings({
    DATABASE_URL: url,
    BCRYPT_COST: '4',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'silent',
  });
  return (await createService(settings, shown)).app;
}

interface Started {
  readonly app: NestFastifyApplication | undefined;
  /** The password that was shown. */
  readonly password: string | undefined;
  readonly isStruck: boolean;
  /** How many statements it took. */
  readonly count: number;
}

/** A first start, with a fault or without. */
async function begin(
  database: TestDatabase,
  plan?: Plan,
  hook?: () => void | Promise<void>,
): Promise<Started> {
  const statements = Statements.of(database.url);
  let password: string | undefined;
  statements.watch(plan, hook);
  const app = await start(database, (shown) => (password = shown)).catch(() => undefined);
  statements.leave();
  return { app, password, isStruck: statements.isStruck, count: statements.texts.length };
}

async function signIn(app: Started['app'], password: string | undefined): Promise<number> {
  await app?.listen(0, '127.0.0.1');
  return (await new Client((await app?.getUrl()) ?? '').post('/token', { login: 'admin', password })).status;
}

describe('Nothing is half-done', () => {
  it.for(DATABASES)('when any statement of the first start fails, on %s', async (kind, { task }) => {
    // Events stay pending: what moves them, a second later, is no part of a start.
    for (const service of [EventsService, RevocationFeed]) {
      const upkeep = vi.spyOn(service.prototype, 'onModuleInit').mockImplementation(() => undefined);
      onTestFinished(() => {
        upkeep.mockRestore();
      });
    }
    // What there is after each statement of a start with nothing in its way.
    const undisturbed = await createDatabase(kind);
    const states: string[] = [outline({}, {})];
    const undisturbedTables = await openTables(undisturbed);
    const first = await begin(undisturbed, undefined, async () => {
      const now = outline(await undisturbedTables.read(), {});
      if (now !== states.at(-1)) states.push(now);
    });
    const last = states.at(-1);
    await undisturbedTables.close();
    await first.app?.close();
    await undisturbed.remove();

    // TypeORM tells of a migration that failed there.
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const problems: string[] = [];
    const kinds = FAULTS_OF_START[kind];
    let faults = 0;
    for (let at = times(1, 9); at <= first.count; at += times(1, 17)) {
      const fault = kinds[at % kinds.length] ?? 'refused';
      const database = await createDatabase(kind);
      const tables = await openTables(database);
      const failed = await begin(database, { at, fault });
      if (failed.isStruck) faults += 1;
      await failed.app?.close();
      const found: string[] = [];
      if (!states.includes(outline(await tables.read(), {}))) found.push('it is in between');
      if (await staysOpen(tables)) found.push('a transaction is open');
      const second = await begin(database);
      if (outline(await tables.read(), {}) !== last) found.push('the next start ends otherwise');
      const status = await signIn(second.app, second.password ?? failed.password);
      if (status !== 201) found.push(`the password that was shown last is answered ${status}`);
      await second.app?.close();
      await tables.close();
      await database.remove();
      problems.push(...found.map((problem) => `${at}, ${fault}: ${problem}`));
    }
    note(
      { task },
      {
        tried: `a first start, each of its ${first.count} statements failing once: ${kinds.join(', ')}; ${whole(faults)} faults, ${kind}`,
        seen: `${problems.length} in between; the next start completed each, and the password that was shown last signs in`,
      },
    );
    expect(problems).toEqual([]);
    expect(first.app).toBeDefined();
  });
});
