import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../support/client.js';
import { expectError } from '../support/errors.js';
import { exchangeRaw, sendRaw } from '../support/raw.js';
import { TestService } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await TestService.start();
});
afterAll(() => service.stop());

/** The head of a request by the administrator. */
const head = (requestLine: string, headers: readonly string[] = [], connection = 'keep-alive') =>
  [
    `${requestLine} HTTP/1.1`,
    'Host: a',
    `Authorization: Bearer ${service.admin.token}`,
    ...headers,
    `Connection: ${connection}`,
    '',
    '',
  ].join('\r\n');

/** Sends requests in one packet and answers with all that comes back until the connection ends. */
const sendAtOnce = (requests: string) => exchangeRaw(service.client.baseUrl, requests);
const statuses = (answers: string) =>
  [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));

describe('the head of a request', () => {
  it('may have 16 KiB and not more', async () => {
    const fill = (bytes: number) => {
      const rest = head('GET /info', ['X-Fill: '], 'close').length;
      return head('GET /info', [`X-Fill: ${'x'.repeat(bytes - rest)}`], 'close');
    };
    const { baseUrl } = service.client;
    expect((await sendRaw(baseUrl, fill(15 * 1024))).status).toBe(200);
    const refused = await sendRaw(baseUrl, fill(17 * 1024));
    expectError(refused, { status: 431, message: 'The headers are larger than 16 KiB' });
  });

  // Node leaves out those after the thousandth, unless it is told otherwise.
  it('may have any number of headers in them, and the last one counts', async () => {
    const fields = Array.from({ length: 2000 }, (_, index) => `${index.toString(36)}:`);
    const condition = head(
      'PUT /user/current',
      [...fields, 'Content-Length: 2', 'If-Match: "of-old"'],
      'close',
    );
    expect((await sendRaw(service.client.baseUrl, condition, '{}')).status).toBe(412);
  });
});

describe('requests on one connection', () => {
  it('are answered in order when a few come at once', async () => {
    const paths = ['/info', '/user/current', '/nothing', '/user/count'];
    const requests = paths.map((path) => head(`GET ${path}`));
    const answers = await sendAtOnce(requests.join('') + head('GET /health/live', [], 'close'));
    expect(statuses(answers)).toEqual([200, 200, 404, 200, 200]);
  });

  it('are refused from the eleventh on that comes while none is answered, and none after it is done', async () => {
    const update = (number: number) => {
      const body = JSON.stringify({ data: { number } });
      return head('PUT /user/current', [`Content-Length: ${body.length}`]) + body;
    };
    const answers = await sendAtOnce(Array.from({ length: 50 }, (_, index) => update(index + 1)).join(''));
    expect(statuses(answers)).toEqual([...Array<number>(10).fill(204), 503]);
    expect(answers).toMatch(/retry-after: 1\r\n/i);
    expect(answers).toMatch(/\{"error":503,"message":"The service is busy"\}$/);
    // Which of the ten was the last is not said.
    expect((await service.admin.get('/user/current')).body.data.number).toBeLessThanOrEqual(10);
  });

  it('end with it when there are thousands', async () => {
    const began = performance.now();
    const answers = await sendAtOnce(head('GET /info').repeat(5000));
    expect(statuses(answers).length).toBeLessThanOrEqual(11);
    expect(performance.now() - began).toBeLessThan(30_000);
    expect((await new Client(service.client.baseUrl).get('/info')).status).toBe(200);
  });

  it('may be any number, one after the other', async () => {
    for (let number = 0; number < 30; number += 1)
      expect((await service.admin.get('/info')).status).toBe(200);
  });
});

describe('the API document', () => {
  it.each(['/swagger.json', '/swagger.yaml'])('is the same each time it is asked for: %s', async (path) => {
    const ask = async () => {
      const { status, text, headers } = await service.client.get(path);
      return { status, text, type: headers.get('content-type') };
    };
    const first = await ask();
    expect(first.status).toBe(200);
    expect(first.text).toContain('/user/current');
    expect([await ask(), await ask()]).toEqual([first, first]);
    const head = await service.client.send('HEAD', path);
    expect([head.status, head.text]).toEqual([200, '']);
  });
});
