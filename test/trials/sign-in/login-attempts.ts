import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Client } from '../../support/client.js';
import { type Differences, ProvenService } from '../proven-service.js';

const PRELOAD = resolve('test/trials/sign-in/bcrypt.preload.mjs');

/** Hears of every comparison with a stored hash that services really make, also of one that is killed meanwhile. */
export class Comparisons {
  private constructor(private readonly directory: string) {}

  static async listen(): Promise<Comparisons> {
    return new Comparisons(await mkdtemp(join(tmpdir(), 'hivegate-comparisons-')));
  }

  /** Has a service tell of its comparisons. */
  get environment(): Record<string, string> {
    return { NODE_OPTIONS: `--import ${PRELOAD}`, COMPARISONS: this.file };
  }

  /** How often passwords have been compared with this hash. */
  with(hash: string): number {
    if (!existsSync(this.file)) return 0;
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .filter((line) => line === hash).length;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true });
  }

  private get file(): string {
    return join(this.directory, 'comparisons');
  }
}

/** One environment of several, with the preloads of all of them. */
export function withPreloads(
  ...environments: readonly (Readonly<Record<string, string>> | undefined)[]
): Record<string, string> {
  const options = environments.flatMap((environment) => environment?.['NODE_OPTIONS'] ?? []);
  return { ...Object.assign({}, ...environments), NODE_OPTIONS: options.join(' ') };
}

/** The settings under which passwords are compared as always, but one of them takes so much longer. */
export const slowed = (password: string, microseconds: number): Record<string, string> => ({
  NODE_OPTIONS: `--import ${PRELOAD}`,
  SLOW_PASSWORD: password,
  SLOW_MICROSECONDS: String(microseconds),
});

/** Services that tell of their comparisons: one, or several on one database. */
export class GuessedAt {
  private constructor(
    readonly comparisons: Comparisons,
    readonly services: readonly ProvenService[],
  ) {}

  static async start({ environment, ...differences }: Differences = {}, processes = 1): Promise<GuessedAt> {
    const comparisons = await Comparisons.listen();
    const told = {
      documented: false,
      environment: withPreloads(comparisons.environment, environment),
    };
    const services = [await ProvenService.start({ ...differences, ...told })];
    while (services.length < processes)
      services.push(await ProvenService.start({ ...told, database: services[0]?.database }));
    return new GuessedAt(comparisons, services);
  }

  /** The first of them, or the only one. */
  get service(): ProvenService {
    const [service] = this.services;
    if (!service) throw new Error('There is no service');
    return service;
  }

  get clients(): Client[] {
    return this.services.map(({ client }) => client);
  }

  /** Sets the number of guesses that a user has. */
  async limitTo(guesses: number): Promise<void> {
    const { status } = await this.service.admin.put('/configuration/user.login.maxAttempts', {
      value: String(guesses),
    });
    if (status !== 200) throw new Error(`The limit was not set: ${status}`);
  }

  /** How often passwords have been compared with that of a user. */
  async compared(userId: number): Promise<number> {
    return this.comparisons.with(await this.hashOf(userId));
  }

  /** The status of a user, as an administrator is shown it. */
  async statusOf(userId: number): Promise<number> {
    return Number((await this.service.admin.get(`/user/${userId}`)).body?.status);
  }

  async hashOf(userId: number): Promise<string> {
    const [row] = await this.service.database.query('SELECT password_hash FROM users WHERE id = ?', [userId]);
    return String(row?.['password_hash']);
  }

  async remove(): Promise<void> {
    await this.comparisons.remove();
    // The last ones have no database to search any more.
    for (const { process } of this.services.slice(1)) {
      await process.stop();
      await process.remove();
    }
    await this.service.remove();
  }
}

/**
 * Guesses `count` times at once, and again with those that are told to come back, until each one has been judged: 503
 * says that nothing was compared, and proves nothing. A service that is gone ends it.
 */
export async function burst(
  clients: readonly Client[],
  login: string,
  count: number,
  passwordOf: (index: number) => string = (index) => `not the password, ${index}`,
  headersOf: (index: number) => Readonly<Record<string, string>> = () => ({}),
): Promise<Answer[]> {
  const judged = async (index: number) => {
    const client = clients[index % clients.length];
    const guess = () =>
      client?.post('/token', { login, password: passwordOf(index) }, headersOf(index)).catch(() => undefined);
    let answer = await guess();
    // They would otherwise all come back at once; and less and less often, as the service asks.
    for (let window = count; answer?.status === 503; window *= 1.5) {
      await pause(Math.random() * window);
      answer = await guess();
    }
    return answer;
  };
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => judged(index)));
  return answers.filter((answer) => answer !== undefined);
}
