import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Verify from '../../packages/verify/src/index.js';
import { Front } from '../support/front.js';
import { TestService } from '../support/service.js';
import { isChromiumMissing, launchChromium } from './chromium.js';

/*
 * The package @hivegate/verify, bundled as an application bundles it, in a page of another origin than the service.
 */

/** The most that it may add to an application: minified and compressed, the used part of jose included. */
const MOST_BYTES = 12 * 1024;
const PAGE =
  '<!doctype html><script type="module">import * as verify from "/verify.js"; globalThis.verify = verify;</script>';

// In the page: the tests themselves run in Node.
declare const self: { verify: typeof Verify };

describe.skipIf(isChromiumMissing('The verifier in a browser'))('@hivegate/verify in Chromium', () => {
  let site: Server;
  let code: string;
  let front: Front;
  let service: TestService;
  let browser: Browser;
  beforeAll(async () => {
    const bundle = await rolldown({ input: resolve('packages/verify/dist/index.js'), platform: 'browser' });
    const { output } = await bundle.generate({ format: 'esm', minify: true });
    await bundle.close();
    code = output[0].code;
    site = createServer((request, response) => {
      const isScript = request.url === '/verify.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? code : PAGE);
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    front = await Front.start();
    service = await TestService.start({ JWT_ISSUER: front.url, CORS_ORIGINS: origin() });
    front.to(service.client.baseUrl);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
    front.close();
    site.close();
  });
  const origin = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;

  it('is small', () => {
    expect(gzipSync(code).length).toBeLessThan(MOST_BYTES);
  });

  it('verifies tokens across origins, introspects, and rejects a session that has been revoked', async () => {
    const page = await browser.newPage();
    await page.goto(origin());
    await page.waitForFunction(() => 'verify' in self);
    const user = await service.createUser();
    const seen = await page.evaluate(
      async ([issuer, token, feedToken, refreshToken]) => {
        const verifier = self.verify.createVerifier({ issuer, feed: () => feedToken });
        const codeOf = () =>
          verifier.verify(token).then(
            () => 'accepted',
            (error: unknown) => (error as Verify.VerifyError).code,
          );
        await verifier.ready();
        const { userId } = await verifier.verify(token);
        const { login } = await verifier.introspect(token);
        const forged = await verifier
          .verify(`${token.slice(0, -8)}AAAAAAAA`)
          .catch((error: unknown) => String(error));
        await fetch(`${issuer}/token/revoke`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token: refreshToken }),
        });
        let code = await codeOf();
        while (code === 'accepted') {
          await new Promise((done) => setTimeout(done, 20));
          code = await codeOf();
        }
        const { feed } = verifier.status;
        verifier.close();
        return { userId, login, forged, code, feed };
      },
      [front.url, user.accessToken, service.admin.token ?? '', user.refreshToken] as const,
    );
    expect(seen).toEqual({
      ...{ userId: user.id, login: user.login, forged: 'VerifyError: Unauthorized' },
      ...{ code: 'revoked', feed: 'current' },
    });
  });
});
