import { expect } from 'vitest';
import { parseJson } from '../../support/json.js';
import type { DriverProcess } from './driver.js';
import { type Operation, readOperations } from './operations.js';
import type { DriverRequest, DriverResponse } from './protocol.js';
import type { Alteration, Exchange, RecordingProxy } from './recording-proxy.js';

/** A response as the generated client gave it, and what went over the wire. */
export interface Answer extends DriverResponse {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- cases look into it as they please
  readonly body?: any;
  readonly exchange: Exchange;
}

/** Headers that a client must be able to read. */
const RESPONSE_HEADERS = [
  'allow',
  'etag',
  'link',
  'location',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];

/**
 * Calls operations through a generated client, and holds every call to two rules. What reached the service is what was
 * set and nothing else: no default, no null, no header of the generator's own choice. And the typed result, or the
 * typed error, is what the service returned, nothing lost.
 */
export class GeneratedClient {
  private readonly operations = readOperations();
  private readonly called = new Set<string>();

  constructor(
    private readonly driver: Pick<DriverProcess, 'call'>,
    private readonly proxy: RecordingProxy,
  ) {}

  /** The operations of the document that have not been called. */
  get neverCalled(): readonly string[] {
    return [...this.operations.keys()].filter((operation) => !this.called.has(operation));
  }

  /** Calls `operation`. `alteration`: what the proxy changes in the request, so that errors can be had. */
  async call(
    operation: string,
    request: Omit<DriverRequest, 'operation'> = {},
    alteration?: Alteration,
  ): Promise<Answer> {
    const documented = this.operations.get(operation);
    if (!documented) throw new Error(`No operation ${operation} in the document`);
    this.called.add(operation);
    this.proxy.take();
    this.proxy.alteration = alteration;
    const response = await this.driver.call({ operation, ...request });
    const exchanges = this.proxy.take();
    expect(exchanges, 'a call is one request').toHaveLength(1);
    const [exchange] = exchanges as [Exchange];
    expectSent(exchange, documented, request);
    expectReturned(response, exchange);
    return { ...response, exchange };
  }
}

/** Expects that the request is as the document says, with what was set and nothing else. */
function expectSent(
  { method, url, headers, body }: Exchange,
  operation: Operation,
  request: Omit<DriverRequest, 'operation'>,
): void {
  const given = new Map(
    Object.entries(request.parameters ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const taken = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  const sent = new URL(url, 'http://service');
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = given.get(name);
    if (value === undefined) throw new Error(`The path parameter ${name} is not set`);
    return value;
  });
  expect(`${method} ${decodeURIComponent(sent.pathname)}`).toBe(`${operation.method} ${path}`);

  const query = taken('query').filter(({ name }) => given.has(name));
  expect(
    [...sent.searchParams].sort().map(([name, value]) => [name, comparable(value)]),
    'the query',
  ).toEqual(query.map(({ name }) => [name, comparable(given.get(name))]).sort());

  for (const { name } of taken('header'))
    expect(headers[name.toLowerCase()], `the header ${name}`).toBe(given.get(name));
  expect(headers['authorization'], 'the access token').toBe(
    request.token === undefined ? undefined : `Bearer ${request.token}`,
  );

  if (request.body === undefined) {
    expect(body, 'no body').toBe('');
  } else {
    const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
    expect(operation.mediaTypes, 'the type of the body').toContain(type);
    expect(comparable(JSON.parse(body)), 'the body').toStrictEqual(comparable(request.body));
  }
}

/** Expects that the generated client hands on what the service returned. */
function expectReturned(response: DriverResponse, { response: received }: Exchange): void {
  expect(response.status, 'the status').toBe(received.status);
  const shown = (headers: Exchange['headers']) => RESPONSE_HEADERS.map((name) => [name, headers[name]]);
  expect(shown(response.headers), 'the headers').toEqual(shown(received.headers));
  const isError = received.status >= 400;
  const json: unknown = comparable(parseJson(received.body));
  expect(comparable(response.body), 'the typed result').toStrictEqual(isError ? undefined : json);
  expect(comparable(response.error), 'the typed error').toStrictEqual(isError ? json : undefined);
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** The value with timestamps in one form: a typed client has its own way to write the same moment. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') return TIMESTAMP.test(value) ? new Date(value).toISOString() : value;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, comparable(member)]));
}
