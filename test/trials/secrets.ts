import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What came of looking for secrets in all that a service has let out. */
export interface Search {
  /** How many were looked for. */
  readonly secrets: number;
  /** In how much. */
  readonly characters: number;
  /** The places where one was found. */
  readonly found: readonly string[];
}

const FILE = 'searches.jsonl';
/** Shorter ones would be found by chance. */
const SHORTEST_SECRET = 8;

/** The passwords and tokens that one service has been given or has issued. */
export class Secrets {
  private readonly known = new Set<string>();

  /** Notes a password, or a token: its signature stands for it, for its claims may well be in a log. */
  add(secret: unknown): void {
    if (typeof secret !== 'string') return;
    const telling = /^eyJ[\w-]+\.[\w-]+\.(?<signature>[\w-]+)$/.exec(secret)?.groups?.['signature'] ?? secret;
    if (telling.trim().length >= SHORTEST_SECRET) this.known.add(telling);
  }

  /** Notes whatever is secret in the body of a request or of an answer. */
  addFrom(body: unknown): void {
    if (typeof body !== 'object' || body === null) return;
    const { password, oldPassword, accessToken, refreshToken } = body as Record<string, unknown>;
    for (const secret of [password, oldPassword, accessToken, refreshToken]) this.add(secret);
  }

  /** Looks for all of them in texts, by the name of the place. The whole run keeps count. */
  search(places: Readonly<Record<string, string>>): Search {
    // What a JSON text or a log would make of it.
    const spellings = [...this.known].flatMap((secret) => {
      const quoted = JSON.stringify(secret).slice(1, -1);
      return quoted === secret ? [secret] : [secret, quoted];
    });
    const search: Search = {
      secrets: this.known.size,
      characters: Object.values(places).reduce((sum, { length }) => sum + length, 0),
      found: Object.entries(places).flatMap(([place, text]) =>
        spellings.filter((spelling) => text.includes(spelling)).map(() => place),
      ),
    };
    const directory = process.env['PROVE_DIRECTORY'];
    if (directory) appendFileSync(join(directory, FILE), `${JSON.stringify(search)}\n`);
    return search;
  }
}

/** The searches of a run, in whatever process. */
export function searchesOf(directory: string): Search[] {
  const file = join(directory, FILE);
  if (directory === '' || !existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Search);
}
