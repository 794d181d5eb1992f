import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, TestService } from '../support/service.js';
import { isChromiumMissing, launchChromium } from './chromium.js';
import { SwaggerPage } from './swagger-page.js';

/*
 * The page at paths that the service itself does not know: it must sign in and send its requests there.
 */

describe.skipIf(isChromiumMissing('The Swagger page at other paths'))('the Swagger page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('works behind a proxy that takes a prefix away', async () => {
    const service = await TestService.start();
    const proxy = await proxyOf(new URL(service.client.baseUrl), '/hive');
    const swagger = await SwaggerPage.open(
      browser,
      `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/hive/swagger?from=`,
    );
    await swagger.signIn(ADMINISTRATOR);
    const { status, text } = await swagger.execute('updateCurrentUser');
    expect({ status, complaints: swagger.complaints }).toEqual({ status: '204', complaints: [] });
    expect(text).toContain('/hive/user/current');
    await swagger.close();
    proxy.close();
    await service.stop();
  });

  it.each(['/api/rest', '/auth/rest'])('works under %s in the compatible mode', async (prefix) => {
    const service = await TestService.start({ COMPATIBILITY: 'devicehive' });
    const { origin } = new URL(service.client.baseUrl);
    const swagger = await SwaggerPage.open(browser, `${origin}${prefix}/swagger`);
    expect(new URL(swagger.page.url()).pathname).toBe(`${prefix}/swagger`);
    await swagger.signIn(ADMINISTRATOR);
    const { status, text } = await swagger.execute('updateCurrentUser');
    expect({ status, complaints: swagger.complaints }).toEqual({ status: '204', complaints: [] });
    expect(text).toContain(`${prefix}/user/current`);
    await swagger.close();
    await service.stop();
  });
});

/** A proxy that knows the service under a prefix, which the service does not. */
async function proxyOf(target: URL, prefix: string): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, url = '', headers } = incoming;
    const path = url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : '/outside';
    const forwarded = request({ host: target.hostname, port: target.port, method, path, headers });
    forwarded.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  return proxy;
}
