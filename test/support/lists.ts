import type { Answer, Client } from './client.js';
import type { TestDatabase } from './database.js';

/** A user that {@link insertUsers} makes. */
export interface StoredUser {
  readonly login: string;
  readonly role?: number;
  readonly status?: number;
  readonly data?: string | null;
}

const text = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);

/** Makes many users behind the service's back: their hashes would take their time. */
export async function insertUsers(database: TestDatabase, users: readonly StoredUser[]): Promise<void> {
  for (let from = 0; from < users.length; from += 500) {
    const rows = users.slice(from, from + 500).map(({ login, role = 1, status = 0, data = null }) => {
      return `(${text(login)}, ${text(login.toLowerCase())}, '-', ${role}, ${status}, ${text(data)})`;
    });
    await database.query(
      `INSERT INTO users (login, login_key, password_hash, role, status, data) VALUES ${rows.join(', ')}`,
    );
  }
}

/** The path and query of the next page, if the answer announces one. */
export const nextOf = ({ headers }: Answer): string | undefined =>
  /^<(\/[^<>]*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];

/** Gets the pages from `path` on, link by link. `between` is called after each. */
export async function follow(
  client: Client,
  path: string,
  between: (page: Answer) => Promise<void> = () => Promise.resolve(),
): Promise<Answer[]> {
  const pages: Answer[] = [];
  const prefix = new URL(client.baseUrl).pathname.replace(/\/$/, '');
  for (let next: string | undefined = path; next !== undefined;) {
    if (pages.length > 1000) throw new Error(`The pages of ${path} have no end`);
    const page: Answer = await client.get(next);
    if (page.status !== 200) throw new Error(`GET ${next}: ${page.status} ${page.text}`);
    pages.push(page);
    await between(page);
    next = nextOf(page)?.slice(prefix.length);
  }
  return pages;
}
