/** What all measurements share: servers and load in processes of their own, rounds that take turns, medians. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The administrator of every service that is measured. */
export const ADMINISTRATOR = { login: 'admin', password: 'the administrator of the bench' };
/** The password of every user of the bench. */
export const PASSWORD = 'a password of the bench';

/** Starts a server and waits until it has said where it answers. */
async function start(args, env, pattern) {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    // Its log goes where an operator's would: into a pipe that somebody reads.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise((done) => child.once('close', done));
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
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Starts the service as it is built, with its defaults but for the rate limit; `env` differs from them. */
export function startService(env) {
  const all = {
    PORT: '0',
    ADMIN_LOGIN: ADMINISTRATOR.login,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
    RATE_LIMIT: 'off',
    NODE_ENV: 'production',
    ...env,
  };
  return start(
    [...(process.env.SERVICE_FLAGS?.split(' ') ?? []), here('../dist/main.js')],
    all,
    /Hivegate answers at (\S+) /,
  );
}

/** Starts the handler that was written by hand on a database that the service has made. */
export function startByHand(file) {
  return start([here('by-hand.mjs'), file], {}, /by hand: (\S+)/);
}

/** Runs one load to its end. See autocannon for the options. */
export async function load(options) {
  const child = spawn(process.execPath, [here('load.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(options));
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
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

/** Runs each of `contenders` once a round, in turns, and gives the median of each, and of their ratio a round. */
export async function inTurns(rounds, ours, theirs) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) {
    // The first of a round may find the machine as the last one left it: they take turns at that too.
    const order = round % 2 === 0 ? [theirs, ours] : [ours, theirs];
    const first = await order[0]();
    const second = await order[1]();
    const [their, our] = round % 2 === 0 ? [first, second] : [second, first];
    results.push({ our, their, ratio: our / their });
  }
  return {
    our: median(results.map(({ our }) => our)),
    their: median(results.map(({ their }) => their)),
    ratio: median(results.map(({ ratio }) => ratio)),
  };
}

/** Whole numbers with a thin space between thousands. */
export const whole = (number) => Math.round(number).toLocaleString('en').replaceAll(',', ' ');
