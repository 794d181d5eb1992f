import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { OpenAPIObject } from '@nestjs/swagger';
import { type Answer, Client, type RequestParts } from '../support/client.js';
import type { Exchange } from '../support/conformance/exchange.js';
import { OpenApiConformance } from '../support/conformance/openapi-conformance.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../support/database.js';
import { ServiceProcess } from '../support/process.js';
import { tableNames } from '../support/tables.js';
import { createUser } from '../support/users.js';
import { type Search, Secrets } from './secrets.js';

/** The administrator that every service of the proofs begins with; its id is 1. */
export const ADMINISTRATOR = { login: 'root', password: 'the administrator of proofs' } as const;
/** The password of its other users, unless a proof sets another. */
export const PASSWORD = 'a password of proofs';

/** How a service of the proofs differs from one in production. */
export interface Differences {
  readonly kind?: DatabaseKind | undefined;
  /** A database that is there already. */
  readonly database?: TestDatabase | undefined;
  /** Settings. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that starts it in its own place. */
  readonly within?: readonly string[] | undefined;
  /** Whether each answer is held to the API document; not for those who count on answers of every kind. */
  readonly documented?: boolean | undefined;
}

/**
 * The built service as a process of its own on a database of its own. It knows every password and token that went
 * through its clients, and when it is removed it looks for them in all that the service has let out.
 */
export class ProvenService {
  readonly secrets = new Secrets();
  /** The texts of all errors that its clients were told. */
  private readonly errors = new Set<string>();
  /** All that its processes have written. */
  private written = '';
  private running?: ServiceProcess | undefined;
  private baseUrl = '';
  private conformance?: OpenApiConformance | undefined;
  private adminToken?: string | undefined;

  private constructor(
    readonly database: TestDatabase,
    private readonly differences: Differences,
  ) {
    this.secrets.add(ADMINISTRATOR.password);
  }

  /** Starts it. */
  static async start(differences: Differences = {}): Promise<ProvenService> {
    const database = differences.database ?? (await createDatabase(differences.kind));
    const service = new ProvenService(database, differences);
    await service.begin();
    return service;
  }

  /** The process; a new one after each {@link begin}. */
  get process(): ServiceProcess {
    if (!this.running) throw new Error('The service does not run');
    return this.running;
  }

  /** Calls it with no token. */
  get client(): Client {
    return new ListeningClient(this.baseUrl, this, undefined, this.conformance);
  }

  /** Calls it as its administrator. */
  get admin(): Client {
    return this.client.as(this.adminToken);
  }

  /** Starts the process, again after {@link kill}, and answers once it answers. */
  async begin(): Promise<void> {
    const { environment, within, documented = true } = this.differences;
    this.running = await ServiceProcess.spawn(
      {
        DATABASE_URL: this.database.url,
        ADMIN_LOGIN: ADMINISTRATOR.login,
        ADMIN_PASSWORD: ADMINISTRATOR.password,
        RATE_LIMIT: 'off',
        ...environment,
      },
      undefined,
      within,
    );
    this.baseUrl = (await this.running.listening()).baseUrl;
    if (documented && !this.conformance) {
      const { body } = await new Client(this.baseUrl).get('/swagger.json');
      this.conformance = new OpenApiConformance(body as OpenAPIObject);
    }
    if (this.adminToken === undefined) {
      const { body } = await this.client.post('/token', ADMINISTRATOR);
      this.adminToken = body?.accessToken;
    }
  }

  /** Ends the process as a loss of power would. */
  async kill(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.ended;
    await this.forget();
  }

  /** Makes an active client, unless `fields` say otherwise, and answers with its id. */
  async createUser(login: string, fields: Record<string, unknown> = {}): Promise<number> {
    const { id } = await createUser(this.admin, { login, password: PASSWORD, ...fields });
    return id;
  }

  /** Notes the secrets of an answer; if that is an error, its text. */
  hear({ status, body, text }: Answer): void {
    this.secrets.addFrom(body);
    if (status >= 400) this.errors.add(text);
  }

  /**
   * Ends it and takes its database away, after all that it has let out has been searched for secrets: its log, its
   * errors, what it shows to anyone, its database, and `elsewhere`.
   *
   * @returns what came of the search
   */
  async remove(elsewhere: Readonly<Record<string, string>> = {}): Promise<Search> {
    const places: Record<string, string> = { ...elsewhere };
    if (this.running) {
      const anyone = new Client(this.baseUrl, this.adminToken);
      for (const path of ['/swagger.json', '/info', '/info/cache', '/configuration/user.login.maxAttempts'])
        places[path] = (await anyone.get(path).catch(() => ({ text: '' }))).text;
      await this.process.stop();
      await this.forget();
    }
    places['log'] = this.written;
    places['errors'] = [...this.errors].join('\n');
    places['database'] = await this.readDatabase();
    await this.database.remove();
    const search = this.secrets.search(places);
    expect(search.found, 'secrets that got out').toEqual([]);
    return search;
  }

  /** Ends it, where it has not been removed: for the end of a trial that may have failed. */
  async discard(): Promise<void> {
    await this.running?.remove();
    this.running = undefined;
  }

  private async forget(): Promise<void> {
    this.written += this.running?.output ?? '';
    await this.running?.remove();
    this.running = undefined;
  }

  private async readDatabase(): Promise<string> {
    const path = /^sqlite:(.*)$/.exec(this.database.url)?.[1];
    if (path !== undefined) {
      const files = [path, `${path}-wal`].filter((file) => existsSync(file));
      return files.map((file) => readFileSync(file, 'latin1')).join('\n');
    }
    const tables = await tableNames(this.database);
    const rows = await Promise.all(tables.map((name) => this.database.query(`SELECT * FROM "${name}"`)));
    return JSON.stringify(rows);
  }
}

/** Lets its service hear of all that it sends and gets. */
class ListeningClient extends Client {
  constructor(
    baseUrl: string,
    private readonly service: Pick<ProvenService, 'secrets' | 'hear'>,
    token: string | undefined,
    private readonly document: OpenApiConformance | undefined,
  ) {
    super(baseUrl, token);
  }

  override as(token: string | undefined): Client {
    return new ListeningClient(this.baseUrl, this.service, token, this.document);
  }

  override async send(method: string, path: string, parts?: RequestParts): Promise<Answer> {
    // Before it is sent: the answer may never come.
    this.service.secrets.addFrom(parts?.body);
    const answer = await super.send(method, path, parts);
    this.service.hear(answer);
    return answer;
  }

  protected override hear(exchange: Exchange): void {
    this.document?.check(exchange);
  }
}
