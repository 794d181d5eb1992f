import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readDockerfile, valuesOf } from '../dockerfile.js';
import { freePort } from '../proxy.js';
import { BuiltImage, isRoot } from './built-image.js';

/*
 * What the lines of the Dockerfile build, carried out in a folder with the Node of the image. Installs packages, and is
 * no part of `npm test`: `npm run test:image`.
 */

/** Piscina, which is told no priority, does without it. */
const DISPENSABLE = '@napi-rs/nice';

const runs = readDockerfile().stages.flatMap((stage) => valuesOf(stage, 'RUN'));

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
