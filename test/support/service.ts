import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readServiceSettings } from '../../src/compatibility/service-settings.js';
import { createService } from '../../src/create-app.js';
import { Client } from './client.js';
import { conformanceOf, forgetProcess } from './conformance/descriptions.js';
import { areExchangesChecked, hold } from './conformance/found-faults.js';
import { watchServer } from './conformance/watch.js';
import { createDatabase, type TestDatabase } from './database.js';
import { createUser } from './users.js';

/** The administrator that every test service begins with. */
export const ADMINISTRATOR = { login: 'root', password: 'the administrator of tests' } as const;
export { PASSWORD } from './users.js';

/**
 * Where the users of tests usually sign in: the source that they know. Requests without such a header come from
 * elsewhere.
 */
export const HOME = '198.51.100.7';

/** A user that a test has made, with a token of its own. */
export interface TestUser {
  readonly id: number;
  readonly login: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Calls the service as this user. */
  readonly client: Client;
}

/** A real service, built as in production, that listens on a port of its own with a database of its own. */
export class TestService {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    /** Calls it with no token. */
    readonly client: Client,
    /** Calls it as the first administrator, whose id is 1. */
    readonly admin: Client,
    /** The settings it was started with, to start another process on the same database. */
    readonly environment: Readonly<Record<string, string>>,
    private readonly ownsDatabase: boolean,
  ) {}

  /** Starts a service; `environment` holds settings that differ from those of tests. */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    shared?: TestDatabase,
  ): Promise<TestService> {
    const database = shared ?? (await createDatabase());
    const all = {
      DATABASE_URL: database.url,
      PORT: '0',
      ADMIN_LOGIN: ADMINISTRATOR.login,
      ADMIN_PASSWORD: ADMINISTRATOR.password,
      BCRYPT_COST: '4',
      RATE_LIMIT: 'off',
      TRUST_PROXY: '127.0.0.1',
      LOG_LEVEL: 'silent',
      ...environment,
    };
    const settings = readServiceSettings(all);
    const { app } = await createService(settings);
    if (areExchangesChecked()) {
      const conformance = conformanceOf(app, settings);
      watchServer(app.getHttpServer(), (exchange) => {
        hold(conformance, exchange);
      });
    }
    await app.listen(0, '127.0.0.1');
    // A process may have had the port before.
    forgetProcess(await app.getUrl());
    const client = new Client(`${await app.getUrl()}${settings.apiPrefix}`);
    const { body } = await client.signIn({ login: all.ADMIN_LOGIN, password: all.ADMIN_PASSWORD }, HOME);
    return new TestService(app, database, client, client.as(body?.accessToken), all, shared === undefined);
  }

  /** Makes a user with a login that nobody else has, and signs it in. `fields` differ from an active client's. */
  async createUser(fields: Record<string, unknown> = {}): Promise<TestUser> {
    const user = await createUser(this.admin, fields);
    const { body } = await this.client.signIn(user, HOME);
    const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
    return { ...user, accessToken, refreshToken, client: this.client.as(accessToken) };
  }

  /** A token of a user with these rights, made by the administrator. */
  async createToken(
    userId: number,
    rights: Record<string, unknown>,
  ): Promise<{ accessToken: string; refreshToken: string }> {
    const { status, body, text } = await this.admin.post('/token/create', { userId, ...rights });
    if (status !== 201) throw new Error(`The token was not created: ${text}`);
    return body;
  }

  async stop(): Promise<void> {
    await this.app.close();
    if (this.ownsDatabase) await this.database.remove();
  }
}
