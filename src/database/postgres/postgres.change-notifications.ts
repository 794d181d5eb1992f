import pg from 'pg';
import { type ChangeNotifications, STALENESS } from '../database-adapter.js';

const CHANNEL = 'hivegate_changes';
/** Milliseconds between two proofs that we are heard, and so between two attempts to connect. */
const HEARTBEAT = STALENESS / 3;

/**
 * Changes as PostgreSQL tells them (LISTEN/NOTIFY), on a connection of its own.
 *
 * A connection may die without a word, and a pooler may swallow notifications. So it keeps telling itself something,
 * and counts as hearing only for as long as it has just heard that.
 */
export class PostgresChangeNotifications implements ChangeNotifications {
  private readonly listeners: ((subject: string | undefined) => void)[] = [];
  private client: pg.Client | undefined;
  private heardAt = -Infinity;
  private timer?: NodeJS.Timeout;
  private closed = false;

  constructor(private readonly url: string) {}

  get areHeard(): boolean {
    return performance.now() - this.heardAt < STALENESS;
  }

  /** Begins to listen, and goes on whatever happens to the connection, until {@link close}. */
  async open(): Promise<void> {
    await this.beat();
    if (!this.closed) this.timer = setTimeout(() => void this.open(), HEARTBEAT).unref();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.leave();
  }

  subscribe(listener: (subject: string | undefined) => void): void {
    this.listeners.push(listener);
  }

  /** Tells those who listen in this process. */
  tell(subject: string | undefined): void {
    for (const listener of this.listeners) listener(subject);
  }

  /** Has the other processes told, and this one again, once the transaction of `query` has become true. */
  async announce(query: (sql: string, parameters: unknown[]) => Promise<unknown>, subject: string) {
    await query('SELECT pg_notify($1, $2)', [CHANNEL, subject]);
  }

  private async beat(): Promise<void> {
    try {
      this.client ??= await this.join();
      if (this.closed) {
        await this.leave();
        return;
      }
      await this.client.query('SELECT pg_notify($1, $2)', [CHANNEL, '']);
    } catch {
      // Whatever it was: until it is mended nothing is remembered, and the next beat tries again.
      await this.leave();
    }
  }

  private async join(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'hivegate changes',
      connectionTimeoutMillis: STALENESS,
      query_timeout: STALENESS,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => {
      if (payload !== undefined && payload !== '') this.tell(payload);
      else this.hear();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return client;
  }

  /** Heard itself. After a silence, what was said meanwhile is lost. */
  private hear(): void {
    const wasHearing = this.areHeard;
    this.heardAt = performance.now();
    if (!wasHearing) this.tell(undefined);
  }

  private async leave(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.heardAt = -Infinity;
    await client?.end().catch(() => undefined);
  }
}
