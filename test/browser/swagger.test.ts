import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, PASSWORD, TestService } from '../support/service.js';
import { isChromiumMissing, launchChromium } from './chromium.js';
import { SwaggerPage } from './swagger-page.js';

/*
 * The page that developers try the API out in, as they see it: a real Chromium, a real service.
 */

describe.skipIf(isChromiumMissing('The Swagger page')).each([
  { prefix: '', settings: {} },
  { prefix: '/dh/rest', settings: { API_PREFIX: '/dh/rest' } },
  { prefix: '/dh/rest', settings: { COMPATIBILITY: 'devicehive' } },
])('the Swagger page at "$prefix" with $settings', ({ prefix, settings }) => {
  let service: TestService;
  let browser: Browser;
  let swagger: SwaggerPage;

  beforeAll(async () => {
    service = await TestService.start(settings);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });
  beforeEach(async () => {
    swagger = await SwaggerPage.open(browser, service.client.baseUrl);
  });
  afterEach(async () => {
    const { complaints, strangers } = swagger;
    await swagger.close();
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
  });

  it('is where / leads', async () => {
    expect(new URL(swagger.page.url()).pathname).toBe(`${prefix}/swagger`);
    expect(await swagger.page.title()).toBe('Hivegate');
  });

  it.each(['/swagger/', '/swagger/index.html'])('is also where %s leads', async (path) => {
    await swagger.page.goto(service.client.baseUrl + path);
    await swagger.loaded();
    expect(new URL(swagger.page.url()).pathname).toBe(`${prefix}/swagger`);
  });

  it('leads to the document, as JSON and as YAML', async () => {
    for (const name of ['swagger.json', 'swagger.yaml']) {
      const link = swagger.page.getByRole('banner').getByRole('link', { name });
      const url = new URL((await link.getAttribute('href')) ?? '', swagger.page.url()).href;
      expect(url).toBe(`${service.client.baseUrl}/${name}`);
      expect((await fetch(url)).status).toBe(200);
    }
  });

  it('goes from an empty profile to a 204 without copying anything, and signs out', async () => {
    const before = await openSessions();
    await swagger.signIn(ADMINISTRATOR);
    expect(await openSessions()).toBe(before + 1);
    const { status, text } = await swagger.execute('updateCurrentUser');
    expect(status).toBe('204');

    await swagger.signOut();
    await swagger.notice('You are signed out.');
    expect(await openSessions(), 'the session is revoked').toBe(before);
    const [, token = ''] = /Bearer ([\w.-]+)/.exec(text) ?? [];
    expect((await service.client.as(token).get('/user/current')).status).toBe(401);
    expect((await swagger.execute('updateCurrentUser')).status).toBe('401');
  });

  it('keeps the sign-in over a reload', async () => {
    await swagger.signIn(ADMINISTRATOR);
    await swagger.reload();
    await swagger.signedIn();
    expect((await swagger.execute('updateCurrentUser')).status).toBe('204');
  });

  it('updates another user with the examples as they are', async () => {
    await service.admin.put('/user/1', { data: null });
    const { id } = await service.createUser();
    await swagger.signIn(ADMINISTRATOR);
    const update = await swagger.openOperation('updateUser');
    const idField = update.locator('.parameters input[placeholder="id"]');
    expect(await idField.inputValue(), 'the first user that is created').toBe('2');
    await idField.fill(String(id));
    const example = JSON.parse(await update.locator('textarea.body-param__text').inputValue());
    expect((await swagger.execute('updateUser')).status).toBe('204');
    expect((await service.admin.get(`/user/${id}`)).body).toMatchObject(example);
  });

  it('takes a pasted token, of a client too, and says why it may not change its role', async () => {
    const client = await service.createUser();
    await swagger.pasteToken(` Bearer ${client.accessToken}\n`);
    await swagger.signedIn();
    expect((await swagger.execute('updateCurrentUser')).status).toBe('204');
    await swagger.fill('updateCurrentUser', { role: 0, password: PASSWORD });
    const { status, text } = await swagger.execute('updateCurrentUser');
    expect(status).toBe('403');
    expect(text).toContain('Admin permissions required for this action');
    await swagger.signOut();
    await swagger.notice('The token is forgotten.');
    expect((await client.client.get('/user/current')).status, 'it is not of this page').toBe(200);
  });

  async function openSessions(): Promise<number> {
    return (await service.admin.get('/user/current/session?take=1000')).body.length as number;
  }
});
