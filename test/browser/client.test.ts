import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type * as Client from '../../packages/client/src/index.js';
import { TestService, type TestUser } from '../support/service.js';
import { isChromiumMissing, launchChromium } from './chromium.js';

/*
 * The package @hivegate/client, bundled as an application bundles it, in a page of another origin than the service.
 */

/** The most that the client may add to an application: minified and compressed, `openapi-fetch` included. */
const MOST_BYTES = 7 * 1024;

/** What the page offers to these tests. `read` is made in {@link PAGE}. */
interface PageGlobals {
  hivegate: typeof Client;
  client: Client.HivegateClient;
  /** Makes the client of this tab, with tokens that all tabs of the origin share. */
  open(baseUrl: string): void;
}
// In the page: the tests themselves run in Node.
declare const self: PageGlobals;

/** The store of the README: tokens in the local storage, and a lock over all tabs. */
const [STORE = ''] =
  /^const tokens = \{.*?^\};$/ms.exec(readFileSync('packages/client/README.md', 'utf8')) ?? [];

const PAGE = `<!doctype html><title>A page</title><script type="module">
import * as hivegate from '/hivegate.js';
${STORE}
Object.assign(globalThis, {
  hivegate,
  open(baseUrl) { globalThis.client = new hivegate.HivegateClient({ baseUrl, tokens }); },
});
</script>`;

async function bundleClient(): Promise<string> {
  const bundle = await rolldown({ input: resolve('packages/client/dist/index.js'), platform: 'browser' });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  return output[0].code;
}

describe.skipIf(isChromiumMissing('The client in a browser'))('@hivegate/client in Chromium', () => {
  let site: Server;
  let origin: string;
  let code: string;
  let service: TestService;
  let stranger: TestService;
  let browser: Browser;
  let context: BrowserContext;
  let user: TestUser;
  let refreshes: number;

  beforeAll(async () => {
    code = await bundleClient();
    site = createServer((request, response) => {
      const isScript = request.url === '/hivegate.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? code : PAGE);
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    service = await TestService.start({
      CORS_ORIGINS: origin,
      REFRESH_ROTATION: 'on',
      API_PREFIX: '/dh/rest',
    });
    stranger = await TestService.start();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    await stranger.stop();
    site.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    user = await service.createUser({ data: { theme: 'dark' } });
    refreshes = 0;
    context.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/token/refresh')) refreshes += 1;
    });
  });
  afterEach(() => context.close());

  /** Opens a tab. */
  async function tabOf({ client: { baseUrl } }: TestService): Promise<Page> {
    const page = await context.newPage();
    await page.goto(origin);
    await page.waitForFunction(() => 'hivegate' in self);
    await page.evaluate((url) => {
      self.open(url);
    }, baseUrl);
    return page;
  }

  const signIn = (page: Page, { login, password }: TestUser) =>
    page.evaluate((credentials) => self.client.signIn(credentials), { login, password });
  const current = (page: Page) => page.evaluate(() => self.client.getUser('current'));
  /** Makes the tabs believe that the access token has expired. */
  const expire = (page: Page) =>
    page.evaluate(() => {
      const { localStorage } = self as unknown as {
        localStorage: Map<string, string> & Record<string, string>;
      };
      localStorage['hivegate'] = JSON.stringify({
        ...JSON.parse(localStorage['hivegate'] ?? ''),
        expiresAt: 0,
      });
    });

  it('is small', () => {
    expect(gzipSync(code).length).toBeLessThan(MOST_BYTES);
  });

  it('signs in across origins, updates on condition, patches, reads errors and signs out', async () => {
    const page = await tabOf(service);
    await signIn(page, user);
    const data = await page.evaluate(async () => {
      const { client } = self;
      await client.updateUser('current', (read) => ({ data: { ...read.data, seen: true } }));
      await client.patchUser('current', { data: { theme: null } });
      return (await client.getUser('current')).data;
    });
    expect(data).toEqual({ seen: true });
    const error = await page.evaluate(async () => {
      try {
        await self.client.updateUser('current', { role: 0 });
        return undefined;
      } catch (reason) {
        if (!(reason instanceof self.hivegate.HivegateError)) throw reason;
        const { kind, status, message, requestId } = reason;
        return { kind, status, message, requestId };
      }
    });
    expect(error).toEqual({
      kind: 'response',
      status: 403,
      message: 'Admin permissions required for this action',
      requestId: expect.any(String),
    });
    await page.evaluate(() => self.client.signOut());
    expect((await service.admin.get(`/user/${user.id}/session`)).body).toHaveLength(1);
  });

  it('iterates pages: the link can be read across origins', async () => {
    const page = await tabOf(service);
    for (let more = 0; more < 3; more += 1) await service.createUser();
    const count = (await service.admin.get('/user/count')).body.count as number;
    const { accessToken, refreshToken } = await service.createToken(1, { actions: ['*'] });
    const ids = await page.evaluate(
      async ([url, access, refresh]) => {
        const { HivegateClient, MemoryTokenStore } = self.hivegate;
        const tokens = new MemoryTokenStore({ accessToken: access, refreshToken: refresh });
        const found = [];
        for await (const { id } of new HivegateClient({ baseUrl: url, tokens }).users({ take: 2 }))
          found.push(id);
        return found;
      },
      [service.client.baseUrl, accessToken, refreshToken] as const,
    );
    expect(new Set(ids).size).toBe(count);
    expect(ids).toHaveLength(count);
  });

  it('keeps three tabs signed in, where refresh tokens rotate, and a sign-out is seen by all', async () => {
    const tabs = [await tabOf(service), await tabOf(service), await tabOf(service)] as const;
    await signIn(tabs[0], user);
    for (let round = 1; round <= 2; round += 1) {
      await expire(tabs[1]);
      const users = await Promise.all([...tabs, ...tabs].map(current));
      expect(new Set(users.map(({ id }) => id))).toEqual(new Set([user.id]));
      // The local storage reaches another tab a moment after the lock: then that tab gets the same refresh token again.
      expect(refreshes).toBeGreaterThanOrEqual(round);
      expect(refreshes).toBeLessThanOrEqual(round * tabs.length);
    }
    expect((await service.admin.get(`/user/${user.id}/session`)).body).toHaveLength(2);
    await tabs[2].evaluate(() => self.client.signOut());
    const statuses = await Promise.all(
      tabs.map((tab) =>
        tab.evaluate(() =>
          self.client.getUser('current').then(
            () => 200,
            (error: unknown) => (error as Client.HivegateError).status,
          ),
        ),
      ),
    );
    expect(statuses).toEqual([401, 401, 401]);
  });

  it('says `network` where the service does not name the origin in CORS_ORIGINS', async () => {
    const page = await tabOf(stranger);
    const kind = await page.evaluate(() =>
      self.client.signIn({ login: 'ann', password: 'a password' }).then(
        () => undefined,
        (error: unknown) => (error as Client.HivegateError).kind,
      ),
    );
    expect(kind).toBe('network');
  });
});
