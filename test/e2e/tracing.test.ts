import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ServiceProcess } from '../support/process.js';
import { PASSWORD, TestService } from '../support/service.js';
import { temporaryDatabase } from '../support/temporary.js';
import { until } from '../support/until.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const parentOf = (flags: string) => ({ traceparent: `00-${TRACE}-${SPAN}-${flags}` });

/** A span as OTLP has it in JSON. */
interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
  readonly status: { code: number };
}

interface ExportedRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: ExportedSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly ExportedSpan[] }[];
  }[];
}

/** A collector that keeps what it receives. */
class Collector {
  readonly received: { path: string; headers: Record<string, unknown>; text: string }[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        collector.received.push({ path: request.url ?? '', headers: request.headers, text });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get requests(): ExportedRequest[] {
    return this.received.map(({ text }) => JSON.parse(text) as ExportedRequest);
  }

  get spans(): ExportedSpan[] {
    return this.requests.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    );
  }

  named(name: string): ExportedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }
}

const attributesOf = (span?: Pick<ExportedSpan, 'attributes'>) =>
  Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));

describe('traceparent', () => {
  it('is in the log lines of a request; an invalid one is not, and changes nothing', async () => {
    const database = await temporaryDatabase();
    const { service, client } = await ServiceProcess.start({ DATABASE_URL: database.url });
    onTestFinished(() => service.remove());
    const invalid = { traceparent: `00-${TRACE}-${SPAN}-01-more`, 'x-request-id': 'invalid' };
    expect((await client.get('/info', { ...parentOf('01'), 'x-request-id': 'valid' })).status).toBe(200);
    expect((await client.get('/info', invalid)).status).toBe(200);
    expect((await client.get('/nowhere', { ...parentOf('00'), 'x-request-id': 'nowhere' })).status).toBe(404);
    expect((await client.get('/%zz', { ...parentOf('00'), 'x-request-id': 'no-path' })).status).toBe(400);
    expect((await client.get('/info', { 'x-request-id': 'none' })).status).toBe(200);
    await service.stop();
    const lineOf = (id: string) => service.log.find(({ reqId }) => reqId === id) ?? {};
    for (const id of ['valid', 'nowhere', 'no-path'])
      expect(lineOf(id)).toMatchObject({ msg: 'answered', traceId: TRACE, parentSpanId: SPAN });
    for (const id of ['invalid', 'none']) {
      expect(lineOf(id)).toMatchObject({ msg: 'answered' });
      expect(Object.keys(lineOf(id)).filter((name) => /trace|span/i.test(name))).toEqual([]);
    }
    expect(service.output).not.toContain('-more');
  });
});

describe('OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  const startWith = async (environment: Record<string, string>) => {
    const service = await TestService.start(environment);
    let isStopped = false;
    const stop = async () => {
      if (!isStopped) await service.stop();
      isStopped = true;
    };
    onTestFinished(stop);
    return { service, stop };
  };

  it('gets a span for each request, and for the parts of its work, at the latest at the end', async () => {
    const collector = await Collector.start();
    const { service, stop } = await startWith({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/otlp/` });
    const user = await service.createUser();
    const headers = { ...parentOf('01'), tracestate: 'rojo=1, congo=t61', 'x-request-id': 'mine-7' };
    expect((await user.client.put('/user/current', { data: { secret: 'value' } }, headers)).status).toBe(204);
    await service.client.signIn({ login: user.login, password: PASSWORD });
    await service.admin.get(`/user/${user.id}?take=secret-query`);
    await service.client.get('/secret-path');
    await stop();
    expect(new Set(collector.received.map(({ path }) => path))).toEqual(new Set(['/otlp/v1/traces']));

    const [put] = collector.named('PUT /user/current');
    expect(put).toMatchObject({
      traceId: TRACE,
      parentSpanId: SPAN,
      traceState: 'rojo=1,congo=t61',
      kind: 2,
    });
    expect(attributesOf(put)).toEqual({
      'http.request.method': 'PUT',
      'http.route': '/user/current',
      'http.response.status_code': 204,
      'hivegate.request_id': 'mine-7',
    });
    const parts = collector.spans.filter(({ parentSpanId }) => parentSpanId === put?.spanId);
    expect(parts.map(({ name, traceId }) => ({ name, traceId }))).toEqual([
      { name: 'database transaction', traceId: TRACE },
    ]);

    const signIn = collector.named('POST /token').at(-1);
    const hashing = collector.spans.find(({ parentSpanId }) => parentSpanId === signIn?.spanId);
    expect(hashing?.name).toBe('password hashing');
    // Counted, and started.
    const transactions = collector.spans.filter(({ parentSpanId }) => parentSpanId === hashing?.spanId);
    expect(transactions.map(({ name }) => name)).toEqual(['database transaction', 'database transaction']);

    expect(collector.named('GET /user/:id').map(attributesOf)).toEqual([
      expect.objectContaining({ 'http.route': '/user/:id', 'http.response.status_code': 400 }),
    ]);
    const [unknown] = collector.named('GET');
    expect(attributesOf(unknown)).toMatchObject({ 'http.response.status_code': 404 });
    expect(attributesOf(unknown)).not.toHaveProperty('http.route');

    const [resource] = collector.requests[0]?.resourceSpans ?? [];
    expect(attributesOf(resource?.resource)).toMatchObject({
      'service.name': 'hivegate',
      'service.version': '0.1.0',
    });
    const everything = collector.received.map(({ text }) => text).join();
    for (const secret of ['secret', user.login, user.accessToken, PASSWORD, '203.0.113', '127.0.0.1'])
      expect(everything).not.toContain(secret);
  });

  it('gets no span of a request whose caller has not sampled it, and begins a trace without a caller', async () => {
    const collector = await Collector.start();
    const { service, stop } = await startWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await service.admin.put('/user/current', { data: {} }, parentOf('00'));
    await service.client.get('/info', { traceparent: 'invalid', tracestate: 'rojo=1' });
    await service.client.get('/health/live', { ...parentOf('01'), tracestate: 'No=1' });
    await stop();
    expect(collector.named('PUT /user/current')).toEqual([]);
    expect(collector.spans.filter(({ traceId }) => traceId === TRACE).map(({ name }) => name)).toEqual([
      'GET /health/live',
    ]);
    const [live] = collector.named('GET /health/live');
    expect(live?.traceState ?? '').toBe('');
    const [info] = collector.named('GET /info');
    expect(info?.traceId).toMatch(/^[\da-f]{32}$/);
    expect(info?.parentSpanId ?? '').toBe('');
    expect(info?.traceState ?? '').toBe('');
  });

  it('has its spans in the log, and takes the variables of OpenTelemetry', async () => {
    const collector = await Collector.start();
    const database = await temporaryDatabase();
    const { service, client } = await ServiceProcess.start({
      DATABASE_URL: database.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=the-secret-of-the-collector',
      OTEL_SERVICE_NAME: 'users-of-the-test',
      LOG_LEVEL: 'trace',
    });
    onTestFinished(() => service.remove());
    await client.get('/info', { ...parentOf('01'), 'x-request-id': 'mine' });
    expect(await service.stop()).toBe(0);
    const [span] = collector.named('GET /info');
    const line = service.log.find(({ reqId }) => reqId === 'mine');
    expect(line).toMatchObject({ traceId: TRACE, spanId: span?.spanId, parentSpanId: SPAN });
    expect(collector.received[0]?.headers['x-api-key']).toBe('the-secret-of-the-collector');
    expect(collector.received[0]?.text).toContain('users-of-the-test');
    expect(service.output).not.toContain('the-secret-of-the-collector');
  });

  it('that nobody listens at slows nothing, is logged once, and does not hold up the end', async () => {
    const database = await temporaryDatabase();
    // Connections are accepted, and nothing is ever answered.
    const silent = createTcpServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    for (const at of [`http://127.0.0.1:${port}`, 'http://127.0.0.1:1']) {
      const { service, client } = await ServiceProcess.start({
        DATABASE_URL: database.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: at,
      });
      onTestFinished(() => service.remove());
      // More spans than may wait.
      for (let round = 0; round < 30; round += 1) {
        const answers = await Promise.all(Array.from({ length: 100 }, () => client.get('/info')));
        expect(answers.every(({ status }) => status === 200)).toBe(true);
      }
      if (at.endsWith(':1')) await until(() => service.output.includes('spans could not be exported'));
      expect(await service.stop()).toBe(0);
      const failures = service.log.filter(({ msg }) => msg === 'spans could not be exported');
      expect(failures.length).toBeLessThanOrEqual(1);
      for (const failure of failures)
        expect(failure).toMatchObject({ level: 40, reason: expect.any(String) });
    }
  });
});
