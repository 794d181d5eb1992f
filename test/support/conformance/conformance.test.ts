import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { SECURITY_HEADERS } from '../../../src/http/security-headers.js';
import { sendRaw } from '../raw.js';
import { TestService } from '../service.js';
import type { Exchange, ReceivedResponse, SentRequest } from './exchange.js';
import { hold, takeFaults } from './found-faults.js';
import { OpenApiConformance } from './openapi-conformance.js';
import { watchServer } from './watch.js';

const document = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as OpenAPIObject;
const conformance = new OpenApiConformance(document, { prefix: '/api', requests: 'both' });

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const OF_EVERY_RESPONSE = { ...SECURITY_HEADERS, 'x-request-id': 'a', date: 'now' };
const ERROR = { error: 403, message: 'Access is denied' };

type HeaderValues = Readonly<Record<string, string>>;
const response = (status: number, body?: unknown, headers: HeaderValues = {}): ReceivedResponse => ({
  status,
  headers: new Headers({ ...OF_EVERY_RESPONSE, ...(body !== undefined && JSON_TYPE), ...headers }),
  body: body === undefined ? '' : JSON.stringify(body),
});
const request = (method: string, url: string, body?: unknown, headers: HeaderValues = {}): SentRequest => ({
  method,
  url: `/api${url}`,
  headers: new Headers(headers),
  body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
});
const faultsOf = (sent: SentRequest | undefined, received: ReceivedResponse): string =>
  conformance.faultsOf({ request: sent, response: received }).join('\n');

describe('a response that the document describes', () => {
  it.each<[string, SentRequest | undefined, ReceivedResponse]>([
    ['a body', request('GET', '/user/count'), response(200, { count: 1 })],
    ['none', request('PUT', '/user/1', {}), response(204)],
    ['an error', request('DELETE', '/user/1'), response(403, ERROR)],
    ['an error of no operation', request('GET', '/nothing'), response(404, { ...ERROR, error: 404 })],
    ['an error of no request', undefined, response(431, { ...ERROR, error: 431 })],
    ['HEAD', request('HEAD', '/user/count'), response(200, undefined, JSON_TYPE)],
    ['304', request('GET', '/network/1'), response(304, undefined, { etag: '"1.1"' })],
    [
      'a wait',
      request('POST', '/token', { login: 'a', password: 'b' }),
      response(429, { ...ERROR, error: 429 }, { 'retry-after': '7' }),
    ],
    [
      'another method',
      request('PUT', '/user/count'),
      response(405, { ...ERROR, error: 405 }, { allow: 'GET, HEAD' }),
    ],
    [
      'a preflight',
      request('OPTIONS', '/user', undefined, { origin: 'a', 'access-control-request-method': 'PUT' }),
      response(204, undefined, { vary: 'Origin', 'access-control-max-age': '600' }),
    ],
    [
      'Swagger UI',
      request('GET', '/swagger/index.html'),
      response(200, undefined, { 'content-type': 'text/html' }),
    ],
  ])('is none of its faults: %s', (_name, sent, received) => {
    expect(faultsOf(sent, received)).toBe('');
  });
});

describe('a response that the document does not describe', () => {
  it.each<[string, SentRequest | undefined, ReceivedResponse, RegExp]>([
    [
      'a status',
      request('GET', '/user/count'),
      response(202, { count: 1 }),
      /countUsers does not describe the status 202/,
    ],
    [
      'a status of no operation',
      request('GET', '/nothing'),
      response(200, {}),
      /no operation describes the status 200/,
    ],
    ['a member', request('GET', '/user/count'), response(200, { count: 1, more: 2 }), /unevaluated/],
    [
      'a member of an error',
      request('DELETE', '/user/1'),
      response(403, { ...ERROR, stack: '' }),
      /unevaluated/,
    ],
    ['no member', request('GET', '/user/count'), response(200, {}), /must have required property 'count'/],
    ['a type', request('GET', '/user/count'), response(200, { count: '1' }), /must be integer/],
    ['text', request('GET', '/user/count'), { ...response(200, 1), body: 'one' }, /is no JSON/],
    ['a body', request('PUT', '/user/1', {}), response(204, {}), /has a body, and may not/],
    [
      'a content type',
      request('GET', '/user/count'),
      response(200, { count: 1 }, { 'content-type': 'text/html' }),
      /text\/html/,
    ],
    [
      'no content type',
      request('GET', '/user/count'),
      response(200, { count: 1 }, { 'content-type': '' }),
      /content type/,
    ],
    [
      'a header',
      request('PUT', '/user/1', {}),
      response(204, undefined, { 'x-more': '1' }),
      /not described: x-more/,
    ],
    [
      'another value of a header of all',
      request('PUT', '/user/1', {}),
      response(204, undefined, { 'cache-control': 'public' }),
      /not described: cache-control/,
    ],
    [
      'a fraction of a second',
      request('POST', '/token', { login: 'a', password: 'b' }),
      response(429, { ...ERROR, error: 429 }, { 'retry-after': '0.5' }),
      /retry-after: 0.5 +must be integer/,
    ],
    [
      'no wait',
      request('POST', '/token', { login: 'a', password: 'b' }),
      response(503, { ...ERROR, error: 503 }),
      /lacks the header retry-after/,
    ],
    [
      'another Allow',
      request('PUT', '/user/count'),
      response(405, { ...ERROR, error: 405 }, { allow: 'GET' }),
      /allows GET, and the document GET, HEAD/,
    ],
    [
      'a header of a preflight',
      request('OPTIONS', '/user', undefined, { origin: 'a', 'access-control-request-method': 'PUT' }),
      response(204, undefined, { 'access-control-allow-credentials': 'true' }),
      /preflights do not have/,
    ],
    ['a body of no request', undefined, response(431, 'too large'), /must be object/],
  ])('is a fault: %s', (_name, sent, received, fault) => {
    expect(faultsOf(sent, received)).toMatch(fault);
  });

  it('is a fault without the id of its request', () => {
    const received = response(204);
    received.headers.delete('x-request-id');
    expect(faultsOf(request('PUT', '/user/1', {}), received)).toMatch(/lacks the header x-request-id/);
  });

  it('fails the test that sees it, once', () => {
    const exchange = { request: request('GET', '/user/count'), response: response(202, { count: 1 }) };
    hold(conformance, exchange);
    hold(conformance, exchange);
    expect(takeFaults()).toEqual([expect.stringMatching(/202/)]);
    expect(takeFaults()).toEqual([]);
  });
});

describe('a request that is accepted', () => {
  it.each<[string, SentRequest, RegExp]>([
    ['a member', request('PUT', '/user/1', { shoeSize: 9 }), /must NOT have additional properties/],
    ['a type', request('PUT', '/user/1', { introReviewed: 'yes' }), /introReviewed must be boolean/],
    ['text', { ...request('PUT', '/user/1'), body: Buffer.from('{') }, /is no JSON/],
    [
      'a broken character',
      { ...request('PUT', '/user/1'), body: Buffer.from([0x22, 0xff, 0x22]) },
      /is no JSON/,
    ],
    [
      'a type of body',
      request('PUT', '/user/1', {}, { 'content-type': 'text/plain' }),
      /type of the body is text\/plain/,
    ],
    ['an id', request('PUT', '/user/0', {}), /id is "0"/],
  ])('has to be allowed: %s', (_name, sent, fault) => {
    expect(faultsOf(sent, response(204))).toMatch(fault);
  });

  it.each([
    ['take=0', /take is "0"/],
    ['take=07', /take is "07"/],
    ['take=1&take=2', /take is there 2 times/],
    ['shoeSize=9', /the query has shoeSize/],
    ['sortField=name', /sortField is "name"/],
  ])('has to be allowed: ?%s', (query, fault) => {
    expect(faultsOf(request('GET', `/user?${query}`), response(200, []))).toMatch(fault);
  });

  it('may have the types of body that the document names in words', () => {
    const form = {
      ...request('POST', '/token/revoke', undefined, FORM),
      body: Buffer.from('token=a&more=b'),
    };
    expect(faultsOf(form, response(200))).toBe('');
    expect(faultsOf({ ...form, body: Buffer.from('more=b') }, response(200))).toMatch(/property 'token'/);
    expect(faultsOf({ ...form, body: Buffer.from('token=a&token=b') }, response(200))).toMatch(/no form/);
    expect(faultsOf({ ...form, url: '/api/token/refresh' }, response(201))).toMatch(/type of the body/);
    expect(faultsOf(request('PATCH', '/user/1', { role: 1 }, JSON_TYPE), response(204))).toBe('');
  });

  it('needs the body and the members that are required', () => {
    const created = response(201, { id: 1 });
    expect(faultsOf(request('POST', '/network'), created)).toMatch(/the body is missing/);
    expect(faultsOf(request('POST', '/network', {}), created)).toMatch(/must have required property 'name'/);
    expect(faultsOf(request('POST', '/network', { name: 'a' }), created)).toBe('');
  });
});

describe('a request that is refused with 400', () => {
  const invalid = response(400, { error: 400, message: 'No', details: [{ field: 'a', message: 'b' }] });

  it('must not be allowed', () => {
    expect(faultsOf(request('PUT', '/user/1', { role: 1 }), invalid)).toMatch(
      /refuses what the document allows/,
    );
    expect(faultsOf(request('PUT', '/user/1', { role: 9 }), invalid)).toBe('');
  });

  it('may be allowed where no schema can say what is wrong', () => {
    const common = response(400, { error: 400, message: 'Password is too common' });
    expect(faultsOf(request('PUT', '/user/1', { password: 'a password' }), common)).toBe('');
  });
});

describe('a service', () => {
  it('is watched by all that its clients can read, whoever they are', async () => {
    const service = await TestService.start();
    const heard: Exchange[] = [];
    watchServer(service.app.getHttpServer(), (exchange) => heard.push(exchange));
    try {
      await service.admin.put('/user/current', { data: { a: 1 } });
      const { baseUrl } = service.client;
      await sendRaw(baseUrl, 'GET /info HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await sendRaw(baseUrl, 'what is no HTTP\r\n\r\n');
      await fetch(`${baseUrl}/nothing`, { method: 'HEAD' });
      expect(
        heard.map(({ request: sent, response: { status, body } }) => [
          sent?.method,
          sent?.url,
          sent && Buffer.from(sent.body).toString(),
          status,
          body.slice(0, 12),
        ]),
      ).toEqual([
        ['PUT', '/user/current', '{"data":{"a":1}}', 204, ''],
        ['GET', '/info', '', 200, '{"apiVersion'],
        [undefined, undefined, undefined, 400, '{"error":400'],
        ['HEAD', '/nothing', '', 404, ''],
      ]);
    } finally {
      await service.stop();
    }
  });
});
