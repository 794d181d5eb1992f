import { createHash, randomBytes } from 'node:crypto';
import { createPostgres, type TestDatabase } from './database.js';

/** A user in the tables of the original. */
export interface OriginalUser {
  readonly login: string;
  /** Null: it has none. */
  readonly password?: string | null;
  readonly id?: number;
  readonly role?: number;
  readonly status?: number;
  readonly data?: string | null;
  /** As SQL: `'infinity'`. */
  readonly lastLogin?: string | null;
  readonly introReviewed?: boolean | null;
  readonly allDeviceTypesAvailable?: boolean | null;
}

/** The password hash of the original: one round of SHA-256 over salt and password. */
export const originalHash = (salt: string, password: string): string =>
  createHash('sha256').update(`${salt}${password}`).digest('base64');

/** The database of a DeviceHive 4, as its migrations leave it, without its sample rows. */
export class OriginalTables {
  private constructor(readonly database: TestDatabase) {}

  static async create(): Promise<OriginalTables> {
    const database = await createPostgres();
    for (const statement of TABLES) await database.query(statement);
    return new OriginalTables(database);
  }

  /** What `--from` takes: the address without its password. */
  get from(): string {
    const url = new URL(this.database.url);
    url.password = '';
    return url.href;
  }

  /** The password that the address is without. */
  get password(): string {
    return new URL(this.database.url).password;
  }

  query(...parameters: Parameters<TestDatabase['query']>): ReturnType<TestDatabase['query']> {
    return this.database.query(...parameters);
  }

  /** Adds a user. @returns its id */
  async addUser(user: OriginalUser): Promise<number> {
    const { login, password = `the password of ${login}`, id, role = 1, status = 0, data = null } = user;
    const salt = password === null ? null : randomBytes(18).toString('base64');
    const [row] = await this.query(
      `INSERT INTO dh_user (id, login, password_hash, password_salt, role, status, login_attempts, last_login, data,
         intro_reviewed, all_device_types_available)
       VALUES (COALESCE(?::bigint, nextval('dh_user_id_seq')), ?, ?, ?, ?, ?, 0, ?::timestamptz, ?, ?::boolean, ?::boolean)
       RETURNING id::float8 AS id`,
      [
        id ?? null,
        login,
        salt === null || password === null ? null : originalHash(salt, password),
        salt,
        role,
        status,
        user.lastLogin ?? null,
        data,
        textOf(user.introReviewed),
        textOf(user.allDeviceTypesAvailable),
      ],
    );
    return Number(row?.['id']);
  }

  remove(): Promise<void> {
    return this.database.remove();
  }
}

const textOf = (flag: boolean | null | undefined) => (typeof flag === 'boolean' ? String(flag) : null);

const scopes = (table: string) => `
  CREATE TABLE ${table} (
    id bigserial PRIMARY KEY,
    name varchar(128) NOT NULL CONSTRAINT ${table}_name_unique UNIQUE,
    description varchar(128),
    entity_version bigint NOT NULL DEFAULT 0
  )`;
const assignments = (scope: string) => `
  CREATE TABLE user_${scope} (
    id bigserial PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES dh_user (id),
    ${scope}_id bigint NOT NULL REFERENCES ${scope} (id),
    entity_version bigint DEFAULT 0
  )`;

/** Facts of the public migrations of DeviceHive, up to version 4: names, types, keys and defaults. */
const TABLES = [
  `CREATE TABLE dh_user (
    id bigserial PRIMARY KEY,
    login varchar(64) NOT NULL CONSTRAINT user_login_unique UNIQUE,
    password_hash varchar(128),
    password_salt varchar(64),
    role integer NOT NULL,
    status integer NOT NULL,
    login_attempts integer NOT NULL,
    last_login timestamptz,
    entity_version bigint NOT NULL DEFAULT 0,
    data text,
    intro_reviewed boolean DEFAULT false,
    all_device_types_available boolean DEFAULT true
  )`,
  scopes('network'),
  scopes('device_type'),
  assignments('network'),
  assignments('device_type'),
  `CREATE TABLE configuration (
    id serial PRIMARY KEY,
    name varchar(32) NOT NULL UNIQUE,
    value varchar(128) NOT NULL,
    entity_version bigint NOT NULL DEFAULT 0
  )`,
];
