import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type ChangeNotifications, STALENESS } from '../change-notifications.js';
import type { Tell } from '../database-adapter.js';
import type { ConnectionOptions } from './connection-options.js';
import { SERVER, type ServerWatch } from './server-watch.js';

const CHANNEL = 'hivegate_changes';
/** Milliseconds between two heartbeats, and between two attempts to connect. */
const HEARTBEAT = STALENESS / 3;
/** Greatest age of the connection that sends heartbeats, in milliseconds: two heartbeats at the most. */
const SENDER_AGE = HEARTBEAT * 1.5;
/** Greatest age of the connection that listens, in milliseconds. */
const LISTENER_AGE = 300_000;
/** Milliseconds that a connection may listen and hear nothing; twice as long after each that did not, up to the most. */
const LEAST_PATIENCE = STALENESS;
const MOST_PATIENCE = 16 * STALENESS;
/** Milliseconds without notifications until that is told: a failover takes less. */
const TELL_AFTER = 10 * STALENESS;
/** What the payload of a heartbeat starts with; other payloads are subjects of changes. */
const HEARTBEAT_PREFIX = 'heartbeat ';

/** A connection that listens. */
interface Listener {
  readonly client: pg.Client;
  /** Its process at the server. */
  readonly pid: number;
  readonly since: number;
  /** Tells heartbeats to it from others, which have other clocks. */
  readonly prefix: string;
}

/**
 * Change notifications through LISTEN/NOTIFY of PostgreSQL, on a separate connection.
 *
 * A connection may die silently, lead to a server that has been left, or to a pooler that gives its session to others. So
 * another connection sends heartbeats, and is made anew all the time, as a connection that writes may be: to where it leads
 * now. {@link areHeard} is true only while they arrive: notifications come in the order of the commits, so a process that
 * has received a heartbeat has received every change that was committed before it was sent.
 */
export class PostgresChangeNotifications implements ChangeNotifications {
  private readonly subscribers: ((subject: string | undefined) => void)[] = [];
  private listener: Listener | undefined;
  private sender: { readonly client: pg.Client; readonly since: number } | undefined;
  /** When the last heartbeat was sent that has arrived. When it arrived does not count: it may have been late. */
  private heardUntil = -Infinity;
  /** When the last heartbeat was sent. */
  private sentAt = -Infinity;
  private patience = LEAST_PATIENCE;
  private silentSince = performance.now();
  private isSilenceTold = false;
  /** Why there is no connection. */
  private failure: string | undefined;
  private timer?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly server: ConnectionOptions,
    private readonly watch: ServerWatch,
    private readonly tellOperator: Tell,
  ) {
    watch.onChange(() => {
      // What was heard came from a server that has been left.
      this.patience = LEAST_PATIENCE;
      void this.dropListener();
      this.tell(undefined);
    });
  }

  get areHeard(): boolean {
    return performance.now() - this.heardUntil < STALENESS;
  }

  /** Starts to listen. Reconnects after errors, until {@link close}. */
  async open(): Promise<void> {
    await this.beat();
    this.tellSilence();
    if (!this.closed) this.timer = setTimeout(() => void this.open(), HEARTBEAT).unref();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await Promise.all([this.dropListener(), this.dropSender()]);
  }

  subscribe(listener: (subject: string | undefined) => void): void {
    this.subscribers.push(listener);
  }

  /** Notifies the subscribers in this process. */
  tell(subject: string | undefined): void {
    for (const listener of this.subscribers) listener(subject);
  }

  /** Notifies all processes, including this one, when the transaction of `query` is committed. */
  async announce(query: (sql: string, parameters: unknown[]) => Promise<unknown>, subject: string) {
    await query('SELECT pg_notify($1, $2)', [CHANNEL, subject]);
  }

  private async beat(): Promise<void> {
    try {
      const sender = await this.renewSender();
      await this.renewListener();
      if (this.closed) {
        await this.close();
        return;
      }
      const sentAt = performance.now();
      const payload = `${this.listener?.prefix ?? HEARTBEAT_PREFIX}${sentAt}`;
      await sender.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]);
      this.sentAt = sentAt;
      this.failure = undefined;
    } catch (error) {
      // Any error: the next heartbeat reconnects, and nothing is cached when none has arrived for a second.
      this.failure = (error as Error).message.split('\n', 1)[0] ?? '';
      void this.dropSender();
    }
  }

  /** Listens on another connection when this one is old, or hears nothing. */
  private async renewListener(): Promise<void> {
    const { listener } = this;
    if (listener) {
      const isDeaf = this.sentAt - Math.max(this.heardUntil, listener.since) > this.patience;
      // Behind a pooler that breaks sessions up it will never hear: no need to try that all the time.
      if (isDeaf) this.patience = Math.min(2 * this.patience, MOST_PATIENCE);
      if (isDeaf || performance.now() - listener.since > LISTENER_AGE) void this.dropListener();
    }
    this.listener ??= await this.listen();
  }

  private async listen(): Promise<Listener> {
    const client = await this.connect('hivegate changes');
    const prefix = `${HEARTBEAT_PREFIX}${randomUUID()} `;
    let pid: number | undefined;
    client.once('end', () => {
      if (this.listener?.client === client) void this.dropListener();
    });
    client.on('notification', ({ payload = '', processId }) => {
      if (payload.startsWith(prefix)) {
        // Two clients of a pooler that share a session: the next notification may go to the other one.
        if (processId !== pid && this.listener?.client === client)
          this.onHeartbeat(Number(payload.slice(prefix.length)));
      } else if (!payload.startsWith(HEARTBEAT_PREFIX) && payload !== '') {
        this.tell(payload);
      }
    });
    try {
      // One message: a pooler gives both statements to one session.
      const results = (await client.query(
        `LISTEN ${CHANNEL}; SELECT pg_backend_pid() AS "pid"`,
      )) as unknown as pg.QueryResult<{ pid: number }>[];
      pid = results[1]?.rows[0]?.pid;
      if (pid === undefined) throw new Error('PostgreSQL does not say which backend listens');
    } catch (error) {
      void close(client);
      throw error;
    }
    return { client, pid, since: performance.now(), prefix };
  }

  /** Returns a connection that was made within {@link SENDER_AGE}, to where connections lead now. */
  private async renewSender(): Promise<pg.Client> {
    if (this.sender && performance.now() - this.sender.since < SENDER_AGE) return this.sender.client;
    const since = performance.now();
    const client = await this.connect('hivegate heartbeat');
    void this.dropSender();
    this.sender = { client, since };
    const { rows } = await client.query<{ server: string }>(SERVER);
    this.watch.note(rows[0]?.server ?? '');
    return client;
  }

  private async connect(name: string): Promise<pg.Client> {
    const client = new pg.Client({
      ...this.server,
      application_name: name,
      connectionTimeoutMillis: STALENESS,
      query_timeout: STALENESS,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      void close(client);
      throw error;
    }
    return client;
  }

  /** Records a heartbeat. After a gap, tells the subscribers that notifications may have been lost. */
  private onHeartbeat(sentAt: number): void {
    const wereHeard = this.areHeard;
    this.heardUntil = sentAt;
    this.patience = LEAST_PATIENCE;
    if (!wereHeard) this.tell(undefined);
  }

  private async dropListener(): Promise<void> {
    const client = this.listener?.client;
    this.listener = undefined;
    this.heardUntil = -Infinity;
    if (client) await close(client);
  }

  private async dropSender(): Promise<void> {
    const client = this.sender?.client;
    this.sender = undefined;
    if (client) await close(client);
  }

  /** Tells the operator once that notifications have not arrived for some time, and that they arrive again. */
  private tellSilence(): void {
    const now = performance.now();
    if (this.areHeard) {
      this.silentSince = now;
      if (this.isSilenceTold) this.tellOperator('Notifications between processes arrive again');
      this.isSilenceTold = false;
    } else if (!this.isSilenceTold && now - this.silentSince > TELL_AFTER) {
      this.isSilenceTold = true;
      const reason =
        this.failure ?? 'LISTEN hears nothing, as behind a connection pooler in transaction mode';
      this.tellOperator(
        `Notifications between processes do not arrive, so each request reads the user from the database: ${reason}`,
      );
    }
  }
}

/** Closes a connection. One that does not end in time is cut. */
async function close(client: pg.Client): Promise<void> {
  const { stream } = client.connection;
  const cut = setTimeout(() => stream.destroy(), STALENESS);
  await client.end().catch(() => undefined);
  clearTimeout(cut);
}
