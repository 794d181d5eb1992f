import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DATABASES } from '../../support/database.js';
import { durationsOf, having, milliseconds, series } from '../fairness/bystander.js';
import { isWhole, note, times, whole } from '../promise.js';
import { ProvenService } from '../proven-service.js';
import { expectHandles } from './connections.js';

const USERS = times(3000, 300);
const KIB = 1024;
/** Bytes a second that a reader takes. */
const RATE = times(1e6, 4e6);
const READERS = 6;
/** The limits of the promise: by how much memory may grow, in MiB, and how much longer others may wait. */
const MOST_MEMORY = 50;
const MOST_LONGER = 3;
/** Connections and threads of the service's own, which come and go. */
const OWN_HANDLES = 10;

/** Makes users behind the service's back, each with 64 KiB of data that no compression makes small. */
async function fill({ database }: ProvenService): Promise<void> {
  const text = Array.from({ length: 64 * KIB }, (_, index) => ((index * 7919) % 36).toString(36)).join('');
  const data = JSON.stringify({ text: text.slice(0, 64 * KIB - 11) });
  await database.query(
    `INSERT INTO users (login, login_key, password_hash, role, status, data, intro_reviewed, all_device_types_available)
       WITH RECURSIVE numbers(number) AS (
         SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ${USERS})
       SELECT 'reader-' || number, 'reader-' || number, 'none', 1, 0, CAST(? AS text), false, true FROM numbers`,
    [data],
  );
}

/** What a reader has got. */
interface Reading {
  readonly logins: number;
  readonly bytes: number;
  readonly isWhole: boolean;
}

/** Reads a whole list at {@link RATE}. */
function read(url: string, token: string | undefined): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const logins = new Set<string>();
    let [bytes, rest] = [0, ''];
    const take = (response: IncomingMessage, chunk: string) => {
      bytes += chunk.length;
      const text = rest + chunk;
      for (const [, login = ''] of text.matchAll(/"login":"(reader-\d+)"/g)) logins.add(login);
      rest = text.slice(-40);
      const early = (bytes / RATE) * 1000 - (performance.now() - began);
      if (early < 5) return;
      response.pause();
      setTimeout(() => response.resume(), early);
    };
    const request = get(url, { headers: { authorization: `Bearer ${token}` }, agent: false }, (response) => {
      response
        .setEncoding('latin1')
        .on('data', (chunk: string) => {
          take(response, chunk);
        })
        .on('error', reject)
        .on('close', () => {
          resolve({ logins: logins.size, bytes, isWhole: response.complete && rest.endsWith(']') });
        });
    });
    request.on('error', reject);
  });
}

/** The most that a process has held while `work` went on, in MiB. */
async function mostMemory(service: ProvenService, work: Promise<unknown>): Promise<number> {
  let [most, isOver] = [0, false];
  const over = () => (isOver = true);
  work.then(over, over);
  while (!isOver) {
    most = Math.max(most, service.process.memory());
    await pause(50);
  }
  return most;
}

describe('Load is shed, not suffered', () => {
  it.for(isWhole ? DATABASES : (['sqlite'] as const))(
    'six slow readers of a whole list cost the memory of their pages, on %s',
    async (kind, { task }) => {
      const service = await ProvenService.start({
        kind,
        documented: false,
        environment: { COMPATIBILITY: 'devicehive' },
      });
      await fill(service);
      const { baseUrl, token } = service.admin;
      const ask = () => service.admin.get('/user/1');
      const quietly = await series(times(1000, 200), 5, ask);
      const before = { memory: service.process.memory(), handles: service.process.handles() };
      const reading = Promise.all(Array.from({ length: READERS }, () => read(`${baseUrl}/user`, token)));
      let isOver = false;
      const over = () => (isOver = true);
      reading.then(over, over);
      const [readings, most, loudly] = await Promise.all([
        reading,
        mostMemory(service, reading),
        (async () => {
          const answers = [];
          while (!isOver) answers.push(...(await series(20, 5, ask)));
          return answers;
        })(),
      ]);
      const grown = Math.max(0, most - before.memory);
      const [quiet, loud] = [durationsOf(quietly), durationsOf(loudly)];
      await expectHandles(service.process, before.handles + OWN_HANDLES);
      note(
        { task },
        {
          tried: `${READERS} readers of a list of ${whole(USERS)} users with 64 KiB of data each, at ${RATE / 1e6} MB/s, ${kind}`,
          seen: `all of it for each; memory grew by ${whole(grown)} MiB; another caller: ${having(loudly, 200)} of ${whole(loudly.length)} served, p99 ${milliseconds(loud.p99)} (quiet: ${milliseconds(quiet.p99)})`,
        },
      );
      await service.remove();
      for (const { logins, bytes, isWhole: ended } of readings) {
        expect({ logins, ended }).toEqual({ logins: USERS, ended: true });
        expect(bytes).toBeGreaterThan(USERS * 64 * KIB);
      }
      expect(having(loudly, 200)).toBe(loudly.length);
      expect(grown).toBeLessThanOrEqual(MOST_MEMORY);
      // Too few in the slice, beside other tests, to measure time.
      if (isWhole) expect(loud.p99).toBeLessThanOrEqual(MOST_LONGER * quiet.p99);
    },
  );
});
