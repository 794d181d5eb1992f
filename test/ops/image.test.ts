import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BuiltImage, isRoot } from './built-image.js';
import { readDockerfile, valuesOf } from './dockerfile.js';
import { freePort } from './proxy.js';
import { itWithPythonTools, runPythonTool } from './tools.js';

/** Piscina, which is told no priority, does without it. */
const DISPENSABLE = '@napi-rs/nice';

const { nodeImage, stages } = readDockerfile();
const runs = stages.flatMap((stage) => valuesOf(stage, 'RUN'));
const last = stages.at(-1) ?? stages[0];

describe('the Dockerfile', () => {
  itWithPythonTools('passes hadolint', () => {
    expect(runPythonTool('hadolint', 'Dockerfile')).toEqual({ status: 0, output: '' });
  });

  it('takes one image for all stages, of the version that .nvmrc names', () => {
    expect(new Set(stages.map(({ from }) => from))).toEqual(new Set(['${NODE_IMAGE}']));
    expect(nodeImage).toMatch(
      new RegExp(`^node:${readFileSync('.nvmrc', 'utf8').trim()}-slim(?:@sha256:[0-9a-f]{64})?$`),
    );
  });

  it('runs no install script', () => {
    const installs = runs.filter((command) => /\bnpm (?:ci|i|install|rebuild|prune)\b/.test(command));
    expect(installs).toHaveLength(2);
    for (const command of installs) expect(command).toMatch(/^npm ci (?:--omit=dev )?--ignore-scripts /);
  });

  it('runs as a user with a number that is not root, and owns no code', () => {
    expect(valuesOf(last, 'USER')).toEqual(['1000:1000']);
    for (const value of valuesOf(last, 'COPY')) expect(value).not.toContain('--chown');
  });

  it('copies only what .dockerignore lets through', () => {
    const allowed = readFileSync('.dockerignore', 'utf8').split('\n');
    const copied = stages
      .flatMap((stage) => valuesOf(stage, 'COPY'))
      .filter((value) => !value.startsWith('--from='))
      .flatMap((value) => value.split(/ +/).slice(0, -1));
    expect(copied.filter((path) => !allowed.includes(`!${path}`))).toEqual([]);
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    expect(allowed).toContain('*');
  });

  it('passes no secret: neither as an argument nor as a variable', () => {
    const named = stages.flatMap((stage) => [...valuesOf(stage, 'ARG'), ...valuesOf(stage, 'ENV')]).join(' ');
    expect(named).not.toMatch(/PASSWORD|SECRET|TOKEN|postgres:/i);
  });
});

describe('what the Dockerfile builds', () => {
  let image: BuiltImage;
  beforeAll(() => {
    image = BuiltImage.build();
  });
  afterAll(() => {
    image.remove();
  });

  /** Starts it and waits until it listens. Its data is where the image has it. */
  async function start(more: Readonly<Record<string, string>> = {}) {
    const environment = {
      PORT: String(await freePort()),
      ADMIN_PASSWORD: 'the administrator of the image',
      BCRYPT_COST: '4',
      ...more,
    };
    const service = image.start(environment);
    let output = '';
    const ended = once(service, 'close');
    onTestFinished(async () => {
      service.kill('SIGKILL');
      await ended;
    });
    const listening = new Promise<void>((done, fail) => {
      for (const stream of [service.stdout, service.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          if (output.includes('Hivegate answers at ')) done();
        });
      ended.then(() => {
        fail(new Error(`The service has ended: ${output}`));
      }, fail);
    });
    await listening;
    return { service, ended, environment };
  }

  it('serves as its user, from files that this user cannot change, and ends on SIGTERM with 0', async () => {
    const { service, ended, environment } = await start();
    const token = await fetch(`http://127.0.0.1:${environment.PORT}/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ login: 'admin', password: environment.ADMIN_PASSWORD }),
    });
    expect(token.status).toBe(201);
    expect(existsSync(image.path('data/users.sqlite'))).toBe(true);
    if (isRoot) {
      expect(readFileSync(`/proc/${service.pid}/status`, 'utf8')).toMatch(/^Uid:\s+1000\s+1000\s/m);
      const write = ['node', '-e', "require('fs').writeFileSync('app/dist/main.js', '')"];
      await expect(image.execute(write)).rejects.toThrow('EACCES');
    }
    service.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('has the command', async () => {
    const { stdout } = await image.execute([image.path('usr/local/bin/hivegate'), '--version']);
    expect(stdout).toContain(JSON.parse(readFileSync('package.json', 'utf8')).version);
  });

  it('holds no package that only the build needs, and no test', () => {
    for (const path of ['node_modules/vitest', 'node_modules/eslint', 'src', 'dist/packed'])
      expect(existsSync(join(image.path('app'), path)), path).toBe(false);
  });

  it('has tried every package with a binary', () => {
    const packages = image.path('app/node_modules');
    const native = readdirSync(packages, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.node'))
      .map((path) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
    const tried = [...runs.join(' ').matchAll(/require\('([^']+)'\)/g)].map(([, name]) => name ?? '');
    expect(tried).not.toEqual([]);
    // Some have a package for each platform: @scope/name-linux-x64-gnu.
    const known = [...tried, DISPENSABLE];
    expect([...new Set(native)].filter((name) => !known.some((each) => name.startsWith(each)))).toEqual([]);
  });

  it.each([
    {},
    { HOST: '127.0.0.1', API_PREFIX: '/auth' },
    { COMPATIBILITY: 'devicehive' },
    { HOST: '::' },
    { HOST: '::1', API_PREFIX: '/a/b' },
  ])('is healthy with %j', async (more) => {
    const { environment } = await start(more);
    await image.checkHealth(environment);
  });

  it('is not healthy where nothing listens, or where another program does', async () => {
    await expect(image.checkHealth({ PORT: String(await freePort()) })).rejects.toThrow('ECONNREFUSED');
    const { environment } = await start();
    await expect(image.checkHealth({ ...environment, API_PREFIX: '/other' })).rejects.toThrow('returned 404');
  });
});
