import type { Client } from '../../support/client.js';
import { ServiceProcess } from '../../support/process.js';
import { ADMINISTRATOR, type Differences, ProvenService } from '../proven-service.js';

/** How many processes use one database in these trials. */
export const NUMBERS_OF_PROCESSES = [2, 4, 8] as const;

/** Several equal processes on one database of PostgreSQL. */
export class Several {
  private constructor(readonly services: readonly ProvenService[]) {}

  /** Starts them one by one: what they do when they start at once is tried by the migrations. */
  static async start(count: number, environment: Readonly<Record<string, string>> = {}): Promise<Several> {
    const differences: Differences = { documented: false, environment };
    const services = [await ProvenService.start({ ...differences, kind: 'postgres' })];
    while (services.length < count)
      services.push(await ProvenService.start({ ...differences, database: services[0]?.database }));
    return new Several(services);
  }

  /** The first of them. It is never killed. */
  get first(): ProvenService {
    const [service] = this.services;
    if (!service) throw new Error('There is no service');
    return service;
  }

  /** The last of them: the one that trials kill. */
  get last(): ProvenService {
    return this.services.at(-1) ?? this.first;
  }

  /** Calls each of them with no token. */
  get clients(): Client[] {
    return this.services.map(({ client }) => client);
  }

  /** Ends them, and looks for secrets in what all of them have written. */
  async remove(): Promise<void> {
    let written = '';
    for (const { process } of this.services.slice(1)) {
      await process.stop();
      written += process.output;
      await process.remove();
    }
    await this.first.remove({ 'logs of the other processes': written });
  }
}

/** Starts processes at the same time on a database that is there, and does not wait until they serve. */
export const startAtOnce = (count: number, url: string): Promise<ServiceProcess[]> =>
  Promise.all(
    Array.from({ length: count }, () =>
      ServiceProcess.spawn({
        DATABASE_URL: url,
        ADMIN_LOGIN: ADMINISTRATOR.login,
        ADMIN_PASSWORD: ADMINISTRATOR.password,
        RATE_LIMIT: 'off',
      }),
    ),
  );
