import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type ChangeNotifications, STALENESS } from '../change-notifications.js';

const CHANNEL = 'hivegate_changes';
/** Milliseconds between two heartbeats, and between two attempts to connect. */
const HEARTBEAT = STALENESS / 3;
/** What the payload of a heartbeat starts with; other payloads are subjects of changes. */
const HEARTBEAT_PREFIX = 'heartbeat ';

/**
 * Change notifications through LISTEN/NOTIFY of PostgreSQL, on a separate connection.
 *
 * A connection may die silently, and a connection pooler may drop notifications. So this class sends heartbeats to
 * itself. {@link areHeard} is true only while they arrive: notifications come in the order of the commits, so a process
 * that has received a heartbeat has received every change that was committed before it was sent.
 */
export class PostgresChangeNotifications implements ChangeNotifications {
  private readonly listeners: ((subject: string | undefined) => void)[] = [];
  /** Tells the heartbeats of this process from those of others, which have other clocks. */
  private readonly prefix = `${HEARTBEAT_PREFIX}${randomUUID()} `;
  private client: pg.Client | undefined;
  /** When the last heartbeat was sent that has arrived. When it arrived does not count: it may have been late. */
  private heardUntil = -Infinity;
  private timer?: NodeJS.Timeout;
  private closed = false;

  constructor(private readonly url: string) {}

  get areHeard(): boolean {
    return performance.now() - this.heardUntil < STALENESS;
  }

  /** Starts to listen. Reconnects after errors, until {@link close}. */
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

  /** Notifies the subscribers in this process. */
  tell(subject: string | undefined): void {
    for (const listener of this.listeners) listener(subject);
  }

  /** Notifies all processes, including this one, when the transaction of `query` is committed. */
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
      await this.client.query('SELECT pg_notify($1, $2)', [CHANNEL, `${this.prefix}${performance.now()}`]);
    } catch {
      // Any error: nothing is cached until the next heartbeat reconnects.
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
    client.on('notification', ({ payload = '' }) => {
      if (payload.startsWith(this.prefix)) this.onHeartbeat(Number(payload.slice(this.prefix.length)));
      // Earlier versions send empty heartbeats.
      else if (payload !== '' && !payload.startsWith(HEARTBEAT_PREFIX)) this.tell(payload);
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

  /** Records a heartbeat. After a gap, tells the subscribers that notifications may have been lost. */
  private onHeartbeat(sentAt: number): void {
    const wereHeard = this.areHeard;
    this.heardUntil = sentAt;
    if (!wereHeard) this.tell(undefined);
  }

  private async leave(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    this.heardUntil = -Infinity;
    await client?.end().catch(() => undefined);
  }
}
