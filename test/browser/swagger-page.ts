import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page, Request } from 'playwright-core';

/** How long an element may take to appear, in milliseconds: tests also run on a busy machine. */
export const PATIENCE = 30_000;

/** All that a script could read. */
export interface Everything {
  readonly html: string;
  readonly fields: readonly string[];
  readonly session: Readonly<Record<string, string>>;
  readonly local: Readonly<Record<string, string>>;
  readonly cookie: string;
}

/** The page at `/swagger`, as its user handles it. */
export class SwaggerPage {
  /** Errors of scripts, and violations of the content security policy. */
  readonly complaints: string[] = [];
  /** Requests to other origins. */
  readonly strangers: string[] = [];
  /** Every request of the page. */
  readonly requests: Request[] = [];

  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    page.setDefaultTimeout(PATIENCE);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      if (/Content Security Policy|TypeError|Uncaught/.test(text)) this.complaints.push(text);
    });
    const { origin } = new URL(url);
    page.on('request', (request) => {
      this.requests.push(request);
      const { protocol, origin: asked } = new URL(request.url());
      if (protocol.startsWith('http') && asked !== origin) this.strangers.push(request.url());
    });
  }

  /** Opens it in an empty profile. `baseUrl`: of the service, with its prefix. */
  static async open(
    browser: Browser,
    baseUrl: string,
    options: BrowserContextOptions = {},
  ): Promise<SwaggerPage> {
    return SwaggerPage.openIn(await browser.newContext(options), baseUrl);
  }

  /** Opens it in one more tab of a profile. */
  static async openIn(context: BrowserContext, baseUrl: string): Promise<SwaggerPage> {
    const swagger = new SwaggerPage(await context.newPage(), baseUrl);
    await swagger.page.goto(`${baseUrl}/`);
    await swagger.loaded();
    return swagger;
  }

  /** Opens it in one more tab of the same profile. */
  another(): Promise<SwaggerPage> {
    return SwaggerPage.openIn(this.page.context(), this.url);
  }

  async loaded(): Promise<void> {
    await this.page.locator('.opblock').first().waitFor();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.loaded();
  }

  /** The dialogue that signs in. */
  get dialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Sign in' });
  }

  async openDialog(): Promise<Locator> {
    await this.page.locator('.auth-wrapper .authorize').first().click();
    await this.dialog.waitFor();
    return this.dialog;
  }

  /** Fills in the form and sends it. */
  async tryToSignIn({
    login,
    password,
  }: {
    readonly login: string;
    readonly password: string;
  }): Promise<void> {
    if (!(await this.dialog.isVisible())) await this.openDialog();
    await this.dialog.getByLabel('Login').fill(login);
    await this.dialog.getByLabel('Password').fill(password);
    await this.dialog.getByRole('button', { name: 'Sign in' }).click();
  }

  async signIn(user: { readonly login: string; readonly password: string }): Promise<void> {
    await this.tryToSignIn(user);
    await this.dialog.waitFor({ state: 'hidden' });
    await this.signedIn();
  }

  async pasteToken(token: string): Promise<void> {
    if (!(await this.dialog.isVisible())) await this.openDialog();
    await this.dialog.getByLabel('paste an access token').fill(token);
    await this.dialog.getByRole('button', { name: 'Use this token' }).click();
  }

  async signedIn(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Sign out' }).waitFor();
  }

  async signedOut(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Sign in' }).waitFor();
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
    await this.signedOut();
    await this.loaded();
  }

  /** What the page says beside the dialogue. */
  notice(text: string): Promise<void> {
    return this.page.getByRole('status').filter({ hasText: text }).waitFor();
  }

  /** The error that the dialogue shows. */
  async error(): Promise<string> {
    const error = this.dialog.getByRole('alert').filter({ hasText: /./ });
    await error.waitFor();
    return error.innerText();
  }

  operation(operationId: string): Locator {
    return this.page.locator(`.opblock[id$="-${operationId}"]`);
  }

  /** Opens an operation, ready to be tried out. */
  async openOperation(operationId: string): Promise<Locator> {
    const operation = this.operation(operationId);
    if (!(await operation.locator('button.execute').isVisible()))
      await operation.locator('.opblock-summary-control').click();
    await operation.locator('button.execute').waitFor();
    return operation;
  }

  async fill(operationId: string, body: object): Promise<void> {
    const operation = await this.openOperation(operationId);
    await operation.locator('textarea.body-param__text').fill(JSON.stringify(body));
  }

  /** Executes an operation, and returns the status and the text that the page shows. */
  async execute(operationId: string): Promise<{ status: string; text: string }> {
    const operation = await this.openOperation(operationId);
    const clear = operation.locator('button.btn-clear');
    if (await clear.isVisible()) await clear.click();
    await operation.locator('button.execute').click();
    const response = operation.locator('.live-responses-table .response');
    await response.locator('.response-col_status').waitFor();
    const status = await response.locator('.response-col_status').innerText();
    return {
      status: status.trim().slice(0, 3),
      text: await operation.locator('.responses-inner').innerText(),
    };
  }

  /** The id of the element that has the focus. */
  focused(): Promise<string> {
    return this.page.evaluate('document.activeElement?.id');
  }

  /** All that a script could read: the page, its fields, and what the browser keeps. */
  everything(): Promise<Everything> {
    return this.page.evaluate(`({
      html: document.documentElement.outerHTML,
      fields: [...document.querySelectorAll('input, textarea')].map(({ value }) => value),
      session: { ...sessionStorage },
      local: { ...localStorage },
      cookie: document.cookie,
    })`);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
