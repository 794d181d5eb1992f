import { existsSync } from 'node:fs';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, PASSWORD, TestService } from '../support/service.js';

/*
 * The page that developers try the API out in, as they see it: a real Chromium, a real service.
 */

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));
// In CI nothing is left out unseen.
const isSkipped = executablePath === undefined && process.env['CI'] !== 'true';
if (isSkipped) {
  process.stdout.write(
    'The Swagger page was not tested: no Chromium. Get it with `apt-get install chromium`, or name one in CHROMIUM.\n',
  );
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(isSkipped).each([{ prefix: '' }, { prefix: '/dh/rest' }])(
  'the Swagger page at "$prefix"',
  ({ prefix }) => {
    let service: TestService;
    let browser: Browser;
    let page: Page;
    let complaints: string[];
    let strangers: string[];

    beforeAll(async () => {
      service = await TestService.start({ API_PREFIX: prefix });
      browser = await chromium.launch({
        ...(executablePath !== undefined && { executablePath }),
        args: FLAGS,
      });
    });
    afterAll(async () => {
      await browser.close();
      await service.stop();
    });
    beforeEach(async () => {
      complaints = [];
      strangers = [];
      page = await (await browser.newContext()).newPage();
      page.setDefaultTimeout(20_000);
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) complaints.push(message.text());
      });
      const origin = new URL(service.client.baseUrl).origin;
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.origin !== origin) strangers.push(request.url());
      });
      await page.goto(`${service.client.baseUrl}/`);
      await page.locator('.opblock').first().waitFor();
    });

    it('is where / leads, and asks nobody else', async () => {
      expect(new URL(page.url()).pathname).toBe(`${prefix}/swagger`);
      expect(await page.title()).toBe('Hivegate');
      expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
    });

    it('signs in, authorises, survives a reload, and updates a user with 204', async () => {
      const { id } = await service.createUser();
      const signIn = await open('signIn');
      await fill(signIn, ADMINISTRATOR);
      await authorize(tokenIn(await execute(signIn, 201)));
      await page.reload();
      await page.locator('.opblock').first().waitFor();

      const update = await open('updateUser');
      await update.locator('.parameters input[placeholder="id"]').fill(String(id));
      await chooseExample(update, 'As an administrator: any property');
      const example = JSON.parse(await update.locator('textarea.body-param__text').inputValue());
      expect(await execute(update, 204)).not.toContain('error');
      expect((await service.admin.get(`/user/${id}`)).body).toMatchObject(example);
      expect(complaints).toEqual([]);
    });

    it('lets a client update its own data, and says why it may not change its role', async () => {
      const client = await service.createUser();
      await authorize(client.accessToken);
      const update = await open('updateUser');
      await update.locator('.parameters input[placeholder="id"]').fill(String(client.id));
      await chooseExample(update, 'As a client: own password and data');
      const example = JSON.parse(await update.locator('textarea.body-param__text').inputValue());
      await execute(update, 204);
      expect((await service.admin.get(`/user/${client.id}`)).body.data).toEqual(example.data);
      await fill(update, { role: 0, password: PASSWORD });
      expect(await execute(update, 403)).toContain('Admin permissions required for this action');
    });

    /** Opens the operation with this id, ready to be tried out. */
    async function open(operationId: string): Promise<Locator> {
      const operation = page.locator(`.opblock[id$="-${operationId}"]`);
      await operation.locator('.opblock-summary-control').click();
      await operation.locator('button.execute').waitFor();
      return operation;
    }

    async function fill(operation: Locator, body: object): Promise<void> {
      await operation.locator('textarea.body-param__text').fill(JSON.stringify(body));
    }

    async function chooseExample(operation: Locator, title: string): Promise<void> {
      await operation.locator('select.examples-select-element').first().selectOption({ label: title });
    }

    /** Executes an operation, and gives the body that the page shows. */
    async function execute(operation: Locator, status: number): Promise<string> {
      await operation.locator('button.execute').click();
      const answer = operation.locator('.live-responses-table .response');
      await answer.locator('.response-col_status', { hasText: String(status) }).waitFor();
      return answer.locator('.response-col_description').innerText();
    }

    async function authorize(token: string): Promise<void> {
      await page.locator('.auth-wrapper .authorize').first().click();
      const dialog = page.locator('.modal-ux');
      await dialog.locator('input').first().fill(token);
      await dialog.locator('button.authorize').click();
      await dialog.locator('button.btn-done').click();
    }

    function tokenIn(shown: string): string {
      const token = /"accessToken":\s*"([^"]+)"/.exec(shown)?.[1];
      if (token === undefined) throw new Error(`No token is shown in ${shown}`);
      return token;
    }
  },
);
