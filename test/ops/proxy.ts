import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemEnvironment } from './tools.js';

/** The name that the examples serve. */
export const SITE = 'auth.example.com';
/** Where a request comes from: not the address of the proxy. */
export const CLIENT_ADDRESS = '127.0.0.2';

/** A response that has come through a proxy. */
export interface ProxyResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What a request through a proxy carries. */
export interface ProxyRequest {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** What differs from an example. */
export interface ProxyOptions {
  /** The ports of the services behind it. */
  readonly upstreams: readonly number[];
  /** Whether it removes the prefix from paths. */
  readonly withoutPrefix?: boolean;
}

/** Replaces what an example must contain, so that a changed example cannot pass untested. */
function replaced(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((before, [pattern, by]) => {
    if (!pattern.test(before)) throw new Error(`The example has no ${String(pattern)}`);
    return before.replace(pattern, () => by);
  }, text);
}

interface Places {
  readonly folder: string;
  readonly http: number;
  readonly https: number;
}

/** An example of a proxy, started: `ops/nginx` or `ops/caddy`. */
export class Proxy {
  private constructor(
    readonly kind: 'nginx' | 'caddy',
    private readonly child: ChildProcess,
    private readonly places: Places,
    private readonly certificate: string,
  ) {}

  /** Starts the example with other ports and a certificate of its own. */
  static async start(kind: 'nginx' | 'caddy', options: ProxyOptions): Promise<Proxy> {
    const folder = mkdtempSync(join(tmpdir(), 'hivegate-proxy-'));
    chmodSync(folder, 0o755);
    const places = { folder, http: await freePort(), https: await freePort() };
    const certificate = makeCertificate(folder);
    const child = kind === 'nginx' ? startNginx(places, options) : startCaddy(places, options);
    const proxy = new Proxy(kind, child, places, certificate);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    for (const port of [places.https, places.http])
      while (!(await listens(port))) {
        if (child.exitCode !== null) throw new Error(`${kind} has ended: ${output}`);
        await new Promise((next) => setTimeout(next, 20));
      }
    return proxy;
  }

  /** The host that clients name. */
  get host(): string {
    return `${SITE}:${this.places.https}`;
  }

  /** The port without TLS. */
  get plainPort(): number {
    return this.places.http;
  }

  /** Sends a request over TLS, from {@link CLIENT_ADDRESS}. */
  send(path: string, { method = 'GET', headers = {}, body }: ProxyRequest = {}): Promise<ProxyResponse> {
    return new Promise((done, fail) => {
      const sent = request({
        host: '127.0.0.1',
        port: this.places.https,
        localAddress: CLIENT_ADDRESS,
        servername: SITE,
        ca: this.certificate,
        method,
        path,
        headers: {
          host: this.host,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        agent: false,
      });
      sent.once('error', fail).once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.once('error', fail).once('end', () => {
          done({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      });
      sent.end(body);
    });
  }

  /** What it has written to its own log. */
  get log(): string {
    return readFileSync(join(this.places.folder, 'hivegate.log'), 'utf8');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'close');
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.places.folder, { recursive: true, force: true });
  }
}

function startNginx(
  { folder, http, https }: Places,
  { upstreams, withoutPrefix }: ProxyOptions,
): ChildProcess {
  const servers = upstreams.map((port) => `server 127.0.0.1:${port};`).join('\n');
  const example = replaced(readFileSync('ops/nginx/hivegate.conf', 'utf8'), [
    [/server 127\.0\.0\.1:8080;/, servers],
    [/listen 80;/, `listen 127.0.0.1:${http};`],
    [/listen \[::\]:80;/, ''],
    [/listen 443 ssl;/, `listen 127.0.0.1:${https} ssl;`],
    [/listen \[::\]:443 ssl;/, ''],
    [/\/etc\/ssl\/certs\/auth\.example\.com\.pem/, `${folder}/certificate.pem`],
    [/\/etc\/ssl\/private\/auth\.example\.com\.key/, `${folder}/key.pem`],
    [/\/var\/log\/nginx\/hivegate\.log/, `${folder}/hivegate.log`],
    ...(withoutPrefix
      ? ([[/location \/auth\/ \{[^}]*\}/, readFileSync('ops/nginx/without-prefix.conf', 'utf8')]] as const)
      : []),
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\n${temporary}\n${example}\n}\n`,
  );
  return spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], {
    env: systemEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function startCaddy(
  { folder, http, https }: Places,
  { upstreams, withoutPrefix }: ProxyOptions,
): ChildProcess {
  const addresses = upstreams.map((port) => `127.0.0.1:${port}`).join(' ');
  const file = readFileSync('ops/caddy/Caddyfile', 'utf8');
  const example = replaced(
    withoutPrefix
      ? replaced(file, [
          [/\thandle \/auth\/\* \{[^]*?\n\t\}/, readFileSync('ops/caddy/without-prefix.caddy', 'utf8')],
        ])
      : file,
    [
      [/127\.0\.0\.1:8080/, addresses],
      [/^\{\n/m, `{\n\tadmin off\n\thttp_port ${http}\n\thttps_port ${https}\n\tskip_install_trust\n`],
      [
        /^auth\.example\.com \{\n/m,
        `${SITE} {\n\ttls ${folder}/certificate.pem ${folder}/key.pem\n\tbind 127.0.0.1\n\tlog {\n\t\toutput file ${folder}/hivegate.log\n\t}\n`,
      ],
    ],
  );
  writeFileSync(join(folder, 'Caddyfile'), example);
  return spawn('caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
    env: { ...systemEnvironment, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Makes a key and a certificate that signs itself, and returns the certificate. */
function makeCertificate(folder: string): string {
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-nodes',
        '-days',
        '1',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
      ],
      ...['-subj', `/CN=${SITE}`, '-addext', `subjectAltName=DNS:${SITE}`],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')],
    ],
    { stdio: 'ignore' },
  );
  return readFileSync(join(folder, 'certificate.pem'), 'utf8');
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => {
      done(false);
    });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
  });
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
