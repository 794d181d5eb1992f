import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DATABASES } from '../../support/database.js';
import { requestOf } from '../load/connections.js';
import { isWhole, note, times, whole } from '../promise.js';
import { PASSWORD, ProvenService } from '../proven-service.js';
import { durationsOf, having, milliseconds, series } from './bystander.js';
import { told, whileFlooded } from './hostile-sources.js';

/** The size of each body: the most that any route takes. */
const SIZE = 2 ** 20;
/** How much longer than in its quiet time a bystander may wait. */
const MOST_LONGER = 3;
const CONNECTIONS = 16;

/** `text` again and again between two ends, up to {@link SIZE}. */
const filled = (begin: string, text: (index: number) => string, end: string): string => {
  const parts = [begin];
  let length = begin.length + end.length;
  for (let index = 0; ; index += 1) {
    const part = text(index);
    if (length + part.length > SIZE) break;
    length += part.length;
    parts.push(part);
  }
  return parts.join('') + end;
};

/** What costs a parser, a validator or a scan the most, by name. */
const BODIES: Readonly<Record<string, string>> = {
  members: filled('{', (index) => `"${index}x":{},`, '"x":{}}'),
  'members of data': filled('{"data":{', (index) => `"${index}x":{},`, '"x":{}}}'),
  'nested arrays': `{"data":${'['.repeat(SIZE / 2 - 5)}${']'.repeat(SIZE / 2 - 5)}}`,
  'a string of escapes': filled('{"data":{"x":"', () => '\\u00e9', '"}}'),
  numbers: filled('{"data":{"x":[', () => '1,', '1]}}'),
};

/** Requests with each body to each route, in turn. */
const requestsTo = (routes: readonly (readonly [string, string])[], token?: string): string[] =>
  Object.values(BODIES).flatMap((body) =>
    routes.map(([method, path]) => requestOf(method, path, { token, body })),
  );

describe('Nobody is kept out', () => {
  it.for(
    DATABASES.filter((kind) => isWhole || kind === 'sqlite').flatMap((kind) =>
      (['anonymous', 'signed-in'] as const).map((whose) => ({ kind, whose })),
    ),
  )('of large bodies, $whose ones, on $kind', async ({ kind, whose }, { task }) => {
    const service = await ProvenService.start({
      kind,
      documented: false,
      environment: { RATE_LIMIT: 'on' },
    });
    await service.createUser('ada');
    const { body } = await service.client.post('/token', { login: 'ada', password: PASSWORD });
    const { accessToken } = body as { accessToken: string };
    const requests =
      whose === 'anonymous'
        ? requestsTo([
            ['POST', '/token'],
            ['PUT', '/user/current'],
            ['POST', '/no/such/path'],
          ])
        : requestsTo([['PUT', '/user/current']], accessToken);
    const read = () => service.admin.get('/user/current');
    const count = times(1000, 100);
    await series(100, 1, read);
    const quiet = durationsOf(await series(count, 5, read));
    const { result, flooded } = await whileFlooded(
      service.client.baseUrl,
      { requests, connections: CONNECTIONS },
      async () => {
        await pause(500);
        return series(count, 5, read, times(60_000, 15_000));
      },
    );
    const loud = durationsOf(result);
    note(
      { task },
      {
        tried: `bodies of 1 MiB (${Object.keys(BODIES).join(', ')}) on ${CONNECTIONS} connections without a pause, ${whose === 'anonymous' ? 'without a token, to POST /token, PUT /user/current and an unknown path' : 'with a token, to PUT /user/current'}, ${kind} (${told(flooded)})`,
        seen: `GET /user/current of another user: ${having(result, 200)} of ${whole(result.length)}, p99 ${milliseconds(loud.p99)}, median ${milliseconds(loud.median)} (quiet: p99 ${milliseconds(quiet.p99)}, median ${milliseconds(quiet.median)})`,
      },
    );
    await service.remove();
    expect(having(result, 200)).toBe(result.length);
    // Without a token nothing is parsed: 400 says that a body was.
    const expected = whose === 'anonymous' ? [0, 401, 404, 413, 429] : [0, 204, 400, 413, 429];
    expect(Object.keys(flooded.statuses).filter((status) => !expected.includes(Number(status)))).toEqual([]);
    // More members than a body may have, whatever its size.
    if (whose === 'signed-in') expect(flooded.statuses[413] ?? 0).toBeGreaterThan(0);
    if (isWhole) expect(loud.p99).toBeLessThanOrEqual(MOST_LONGER * quiet.p99);
  });
});
