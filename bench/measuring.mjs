/** What all measurements share: servers and load in processes of their own, rounds that take turns, medians. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The folder of this checkout. */
export const CHECKOUT = resolve(here('..'));

const REPORT_PROCESSOR_TIME = new URL('report-processor-time.mjs', import.meta.url).href;

/** The administrator of every service that is measured. */
export const ADMINISTRATOR = { login: 'admin', password: 'the administrator of the bench' };
/** The password of every user of the bench. */
export const PASSWORD = 'a password of the bench';

/** Starts a server and waits until it has printed its URL. */
async function start(args, env, pattern, { cwd, channel = false } = {}) {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    // Its log goes where an operator's would: into a pipe that somebody reads.
    stdio: ['ignore', 'pipe', 'pipe', ...(channel ? ['ipc'] : [])],
  });
  let said = '';
  const ended = once(child, 'close');
  const url = await new Promise((found, failed) => {
    const listen = (text) => {
      if (said.length < 10_000) said += text;
      const match = pattern.exec(said);
      if (match) found(match[1]);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    void ended.then(() => failed(new Error(`The server ended: ${said}`)));
  });
  return {
    url,
    pid: child.pid,
    startMs: performance.now() - began,
    /** Resident memory in MiB. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024,
    /** Processor time of the process so far, user and system, in microseconds; see `reportsProcessorTime`. */
    processorTime: async () => {
      const reported = once(child, 'message');
      // An error to send means that the process is gone, which `ended` knows.
      child.send('processor time', () => undefined);
      const gone = ended.then(([code, signal]) => {
        throw new Error(
          `The server exited during the measurement (${signal ?? `code ${code}`}): ${args.join(' ')}`,
        );
      });
      const [{ user, system }] = await Promise.race([reported, gone]);
      return user + system;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * Starts the service as it is built in `checkout`, with its defaults except for the rate limit and what `env` sets.
 * `reportsProcessorTime` loads what `processorTime` needs into it.
 */
export function startService(env, { checkout = CHECKOUT, reportsProcessorTime = false } = {}) {
  const all = {
    PORT: '0',
    ADMIN_LOGIN: ADMINISTRATOR.login,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
    RATE_LIMIT: 'off',
    NODE_ENV: 'production',
    ...env,
  };
  const flags = process.env.SERVICE_FLAGS?.split(' ') ?? [];
  if (reportsProcessorTime) flags.push('--import', REPORT_PROCESSOR_TIME);
  // The wording around the URL differs between versions of the service.
  return start([...flags, join(checkout, 'dist/main.js')], all, /(http:\/\/127\.0\.0\.1:\d+)\D/, {
    cwd: checkout,
    channel: reportsProcessorTime,
  });
}

/** Starts the handler that was written by hand on a database that the service has made. */
export function startByHand(file) {
  return start([here('by-hand.mjs'), file], {}, /by hand: (\S+)/);
}

/** Starts a load generator. Its `send` runs one load to its end; see autocannon for the options. */
export function startLoadGenerator() {
  const child = spawn(process.execPath, [here('load.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const results = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    send: async (options) => {
      child.stdin.write(`${JSON.stringify(options)}\n`);
      const { value, done } = await results.next();
      if (done) throw new Error('The load generator exited');
      return JSON.parse(value);
    },
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** Runs one load to its end, in a load generator of its own. */
export async function load(options) {
  const generator = startLoadGenerator();
  try {
    return await generator.send(options);
  } finally {
    await generator.stop();
  }
}

/** Calls a service once; fails on what is not a success. */
export async function call(url, method, path, { token, body } = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** The access token of the administrator. */
export async function signInAdministrator(url) {
  return (await call(url, 'POST', '/token', { body: ADMINISTRATOR })).accessToken;
}

/** Clients with a network and some data each, and their tokens. */
export async function makeClients(url, count) {
  const token = await signInAdministrator(url);
  const clients = [];
  for (let i = 0; i < count; i += 1) {
    const login = `client-${String(i).padStart(4, '0')}`;
    const data = { theme: 'dark', language: 'en', favourites: [1, 2, 3] };
    const { id } = await call(url, 'POST', '/user', {
      token,
      body: { login, password: PASSWORD, role: 1, data },
    });
    await call(url, 'PUT', `/user/${id}/network/1`, { token });
    const tokens = await call(url, 'POST', '/token', { body: { login, password: PASSWORD } });
    clients.push({ id, login, ...tokens });
  }
  return clients;
}

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs `ours` and `theirs` once each round, A B B A and so on, and returns the pair of results of each round. */
export async function takeTurns(rounds, ours, theirs) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    // The first of a round may find the machine as the last one left it: they take turns at that too.
    const order = round % 2 === 0 ? [theirs, ours] : [ours, theirs];
    const first = await order[0]();
    const second = await order[1]();
    const [their, our] = round % 2 === 0 ? [first, second] : [second, first];
    results.push({ our, their });
  }
  return results;
}

/** The median of the numbers of each side, and of their ratio in each round. See {@link takeTurns}. */
export async function inTurns(rounds, ours, theirs) {
  const results = await takeTurns(rounds, ours, theirs);
  return {
    our: median(results.map(({ our }) => our)),
    their: median(results.map(({ their }) => their)),
    ratio: median(results.map(({ our, their }) => our / their)),
  };
}

/** Whole numbers with a thin space between thousands. */
export const whole = (number) => Math.round(number).toLocaleString('en').replaceAll(',', ' ');
