import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimsOf } from '../support/client.js';
import { ADMINISTRATOR, TestService, type TestUser } from '../support/service.js';
import { isChromiumMissing, launchChromium } from './chromium.js';
import { SwaggerPage } from './swagger-page.js';

/*
 * The sign-in of the Swagger page: what it keeps, what it sends, what it says when it fails.
 */

const WRONG = 'The login or the password is wrong, or the user is locked out or disabled.';

const isSkipped = isChromiumMissing('The sign-in of the Swagger page');

describe.skipIf(isSkipped)('the sign-in of the page', () => {
  let browser: Browser;
  let service: TestService;
  let swagger: SwaggerPage;
  let user: TestUser;

  beforeAll(async () => {
    browser = await launchChromium();
    service = await TestService.start({ REFRESH_ROTATION: 'on' });
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });
  beforeEach(async () => {
    user = await service.createUser();
    swagger = await SwaggerPage.open(browser, service.client.baseUrl);
  });
  afterEach(async () => {
    const { complaints, strangers } = swagger;
    await swagger.close();
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
  });

  it('opens from a padlock, has the focus in its first field, and closes with Escape', async () => {
    await swagger.page.locator('.opblock .authorization__btn').first().click();
    await swagger.dialog.waitFor();
    expect(await swagger.focused()).toBe('login');
    await swagger.page.keyboard.type(user.login);
    await swagger.page.keyboard.press('Tab');
    await swagger.page.keyboard.type('a password that nobody has');
    await swagger.page.keyboard.press('Escape');
    await swagger.dialog.waitFor({ state: 'hidden' });
    expect(await swagger.page.locator('#password').inputValue()).toBe('');
  });

  it('needs the keyboard alone', async () => {
    await swagger.page.getByRole('banner').getByRole('button', { name: 'Sign in' }).focus();
    await swagger.page.keyboard.press('Enter');
    await swagger.dialog.waitFor();
    await swagger.page.keyboard.type(user.login);
    await swagger.page.keyboard.press('Tab');
    await swagger.page.keyboard.type(user.password);
    await swagger.page.keyboard.press('Enter');
    await swagger.signedIn();
  });

  it('leaves no password anywhere: not in the page, not in what it keeps, not in what Swagger UI shows', async () => {
    await swagger.signIn(user);
    const { text } = await swagger.execute('updateCurrentUser');
    expect(text).toContain('curl');
    const everything = await swagger.everything();
    expect(JSON.stringify(everything)).not.toContain(user.password);
    expect(everything).toMatchObject({ local: {}, cookie: '' });
    expect(JSON.stringify(everything.session)).toContain('accessToken');
  });

  it('forgets everything at sign-out, what has been typed and received too', async () => {
    await swagger.signIn(user);
    await swagger.fill('updateCurrentUser', { data: { secret: 'plans' } });
    const { text } = await swagger.execute('updateCurrentUser');
    const [, token = ''] = /Bearer ([\w.-]+)/.exec(text) ?? [];
    expect(token).not.toBe('');
    await swagger.signOut();
    const left = JSON.stringify(await swagger.everything());
    for (const part of [token, 'plans', 'refreshToken":']) expect(left).not.toContain(part);
    await swagger.reload();
    await swagger.signedOut();
  });

  it('says that login or password is wrong, and empties the password', async () => {
    await swagger.tryToSignIn({ login: user.login, password: 'a wrong one' });
    expect(await swagger.error()).toBe(WRONG);
    expect(await swagger.page.locator('#password').inputValue()).toBe('');
    expect(await swagger.focused()).toBe('password');
    await swagger.signIn(user);
  });

  it('asks for what is missing, and sends nothing', async () => {
    await swagger.tryToSignIn({ login: '  ', password: 'x' });
    expect(await swagger.error()).toBe('Type the login.');
    await swagger.tryToSignIn({ login: 'somebody', password: '' });
    expect(await swagger.error()).toBe('Type the password.');
    expect(swagger.requests.filter((request) => request.method() === 'POST')).toEqual([]);
  });

  it.each([1, 2])('says the same of a user with status %i', async (status) => {
    await service.admin.put(`/user/${user.id}`, { status });
    await swagger.tryToSignIn(user);
    expect(await swagger.error()).toBe(WRONG);
  });

  it.each([
    { status: 429, wait: '61', text: 'There were too many attempts. Try again in 61 seconds.' },
    { status: 503, wait: '1', text: 'The service is busy. Try again in a second.' },
    { status: 502, wait: undefined, text: 'The service responded with status 502.' },
  ])('says what to do after a $status', async ({ status, wait, text }) => {
    await swagger.page.route('**/token', (route) =>
      route.fulfill({ status, headers: wait === undefined ? {} : { 'retry-after': wait }, body: '<html>' }),
    );
    await swagger.tryToSignIn(user);
    expect(await swagger.error()).toBe(text);
  });

  it('says that there is no response', async () => {
    await swagger.page.route('**/token', (route) => route.abort());
    await swagger.tryToSignIn(user);
    expect(await swagger.error()).toContain('The service does not respond.');
    await swagger.page.unroute('**/token');
    await swagger.signIn(user);
  });

  it.each([
    ['This is not a token.', () => 'nonsense'],
    ['This is a refresh token. Paste the access token.', () => user.refreshToken],
    ['Paste a token.', () => ' '],
  ])('says of a pasted text: %s', async (message, text) => {
    await swagger.pasteToken(text());
    expect(await swagger.error()).toBe(message);
  });

  it('sends the token to the paths of the service alone, and only where an operation needs it', async () => {
    await swagger.signIn(user);
    await swagger.execute('getInfo');
    await swagger.execute('getCurrentUser');
    const withToken = [];
    for (const request of swagger.requests) {
      if ((await request.allHeaders())['authorization'] !== undefined)
        withToken.push(new URL(request.url()).pathname);
    }
    expect(withToken).toEqual(['/user/current']);
  });

  it('forgets the tokens although the service does not confirm it, and says so', async () => {
    await swagger.signIn(user);
    await swagger.page.route('**/token/revoke', (route) => route.abort());
    await swagger.signOut();
    await swagger.notice('the session may still be open');
    expect((await swagger.everything()).session).toEqual({});
  });

  it('signs out at once while a renewal is under way, whose tokens are dropped', async () => {
    await swagger.signIn(user);
    await swagger.page.evaluate(`for (const [name, kept] of Object.entries(sessionStorage))
        sessionStorage.setItem(name, kept.replace(/"renewAt":[0-9.]+/, '"renewAt":1'))`);
    await swagger.reload();
    let goOn = (): void => undefined;
    const held = new Promise<void>((done) => (goOn = done));
    await swagger.page.route('**/token/refresh', async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    const operation = await swagger.openOperation('getCurrentUser');
    const renewal = swagger.page.waitForRequest('**/token/refresh');
    await operation.locator('button.execute').click();
    await renewal;
    const revocation = swagger.page.waitForResponse('**/token/revoke');
    await swagger.signOut();
    expect((await revocation).status()).toBe(200);
    expect((await swagger.everything()).session).toEqual({});

    const late = swagger.page.waitForResponse('**/token/refresh');
    goOn();
    await (await late).finished();
    expect((await swagger.execute('getCurrentUser')).status).toBe('401');
    await swagger.signedOut();
    expect((await swagger.everything()).session).toEqual({});
  });

  it.each([
    ['5', 'a number'],
    ['{}', 'an object without a value'],
    ['{"value":"text","changedAt":1}', 'a value that is none'],
    ['{"value":{"name":"x","accessToken":{}},"changedAt":1}', 'a token that is none'],
    ['{"value":null,"changedAt":1e300}', 'a moment that has no next one'],
  ])('keeps working when %s was kept or sent: %s', async (kept) => {
    const other = await swagger.another();
    await other.page.evaluate(`sessionStorage.setItem('hivegate /', ${JSON.stringify(kept)})`);
    await other.reload();
    await other.signedOut();
    await other.page.evaluate(`new BroadcastChannel('hivegate /').postMessage(${kept})`);
    await swagger.signIn(user);
    await other.signedIn();
    await other.signOut();
    await swagger.signedOut();
    expect(other.complaints).toEqual([]);
    await other.page.close();
  });

  it('says of a token that is none that the response is not one of the service', async () => {
    await swagger.page.route('**/token', (route) =>
      route.fulfill({ status: 201, contentType: 'application/json', body: '{"accessToken":"<b>"}' }),
    );
    await swagger.tryToSignIn(user);
    expect(await swagger.error()).toContain('The response is not that of a Hivegate.');
  });

  it('shows that the session has ended, when it has been revoked elsewhere', async () => {
    await swagger.signIn(user);
    await service.admin.delete(`/user/${user.id}/session`);
    expect((await swagger.execute('getCurrentUser')).status).toBe('401');
    await swagger.notice('The session has ended. Sign in again.');
    await swagger.signedOut();
  });

  it('is one for all tabs, and so is the sign-out', async () => {
    await swagger.signIn(user);
    const other = await swagger.another();
    await other.signedIn();
    expect((await other.execute('getCurrentUser')).status).toBe('200');
    await swagger.signOut();
    await other.signedOut();
    await other.loaded();
    expect((await other.execute('getCurrentUser')).status).toBe('401');
    expect(other.complaints).toEqual([]);
    await other.page.close();
  });

  it('is not in a tab that is opened after all others have been closed', async () => {
    await swagger.signIn(user);
    const context = swagger.page.context();
    const blank = await context.newPage();
    await swagger.page.close();
    swagger = await SwaggerPage.openIn(context, service.client.baseUrl);
    await swagger.signedOut();
    await blank.close();
  });
});

describe.skipIf(isSkipped).each(['off', 'on'])('tokens that expire, with REFRESH_ROTATION=%s', (rotation) => {
  let browser: Browser;
  let service: TestService;
  let swagger: SwaggerPage;

  beforeAll(async () => {
    browser = await launchChromium();
    service = await TestService.start({ ACCESS_TOKEN_TTL: '2', REFRESH_ROTATION: rotation });
  });
  afterAll(async () => {
    await browser.close();
    await service.stop();
  });
  beforeEach(async () => {
    swagger = await SwaggerPage.open(browser, service.client.baseUrl);
    await swagger.signIn(ADMINISTRATOR);
  });
  afterEach(() => swagger.close());

  it('are renewed, again and again', async () => {
    const used = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const { status, text } = await swagger.execute('updateCurrentUser');
      expect(status).toBe('204');
      const token = /Bearer ([\w.-]+)/.exec(text)?.[1] ?? '';
      used.add(token);
      await expired(token);
    }
    expect(used.size).toBe(3);
    expect(renewals()).toBeGreaterThan(1);
  });

  it('are renewed in two tabs that take turns, and the session stays open', async () => {
    const other = await swagger.another();
    for (let round = 0; round < 4; round++) {
      const { status, text } = await (round % 2 === 0 ? swagger : other).execute('getCurrentUser');
      expect({ round, status }).toEqual({ round, status: '200' });
      await expired(/Bearer ([\w.-]+)/.exec(text)?.[1] ?? '');
    }
    const both = await Promise.all([
      swagger.execute('updateCurrentUser'),
      other.execute('updateCurrentUser'),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['204', '204']);
    await swagger.reload();
    expect((await swagger.execute('getCurrentUser')).status).toBe('200');
  });

  it('are renewed after a 401 too, and the request is sent again', async () => {
    // The page believes that the token is valid for ever.
    await swagger.page.evaluate(`for (const [name, kept] of Object.entries(sessionStorage))
        sessionStorage.setItem(name, kept.replace(/"renewAt":[0-9.]+/, '"renewAt":9999999999999'))`);
    await swagger.reload();
    const [kept = ''] = Object.values((await swagger.everything()).session);
    await expired((JSON.parse(kept) as { value: { accessToken: string } }).value.accessToken);
    expect(renewals()).toBe(0);
    expect((await swagger.execute('updateCurrentUser')).status).toBe('204');
    expect(renewals()).toBe(1);
  });

  const renewals = () =>
    swagger.requests.filter((request) => request.url().endsWith('/token/refresh')).length;

  /** Waits until a token has expired. */
  async function expired(token: string): Promise<void> {
    const { exp = 0 } = claimsOf(token);
    await expect.poll(() => Date.now() / 1000 > exp, { timeout: 20_000 }).toBe(true);
  }
});
