import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type ChangeNotifications, STALENESS } from '../change-notifications.js';
import type { Tell } from '../database-adapter.js';
import { reasonOf } from '../database-errors.js';
import type { ConnectionOptions } from './connection-options.js';
import { SERVER, type ServerWatch } from './server-watch.js';
import { areSessionsShared, closeConnection, connectClient } from './sessions.js';

const CHANNEL = 'hivegate_changes';
/** Milliseconds between two heartbeats, and between two attempts to connect. */
const HEARTBEAT = STALENESS * 0.4;
/** Greatest age of the connection that listens, in milliseconds. */
const LISTENER_AGE = 300_000;
/** So many heartbeats may have been sent since the last one that arrived. Not a time: a busy process is late with all of it. */
const PATIENCE = 3;
/** Milliseconds until it is tried again to listen: twice as long after each time in vain, up to the longest. */
const SHORTEST_PAUSE = STALENESS;
const LONGEST_PAUSE = 300_000;
/** Milliseconds without notifications until that is told: a failover takes less. */
const TELL_AFTER = 10 * STALENESS;
/** What the payload of a heartbeat starts with; other payloads are subjects of changes. */
const HEARTBEAT_PREFIX = 'heartbeat ';

/** A connection that listens. */
interface Listener {
  readonly client: pg.Client;
  readonly since: number;
  /** Tells heartbeats to it from others, which have other clocks. */
  readonly prefix: string;
}

/**
 * Change notifications through LISTEN/NOTIFY of PostgreSQL, on a separate connection.
 *
 * A connection may die silently, lead to a server that has been left, or to a pooler that gives its session to others. So
 * each heartbeat comes from a new connection, which leads to where a connection that writes would lead now.
 * {@link areHeard} is true only while they arrive: notifications come in the order of the commits, so a process that has
 * received a heartbeat has received every change that was committed before its connection was begun.
 */
export class PostgresChangeNotifications implements ChangeNotifications {
  private readonly subscribers: ((subject: string | undefined) => void)[] = [];
  private listener: Listener | undefined;
  /** When the connection of the last heartbeat was begun that has arrived. When it arrived does not count. */
  private heardUntil = -Infinity;
  /** How many heartbeats were sent since the last one that arrived, or since the connection listens. */
  private unheard = 0;
  /** From when on it may be tried again to listen, and how long it takes after that. */
  private nextTry = -Infinity;
  private pause = SHORTEST_PAUSE;
  private silentSince = performance.now();
  private isSilenceTold = false;
  /** Why no heartbeat was sent. */
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
      this.allowListening();
      this.dropListener();
      this.tell(undefined);
    });
  }

  get areHeard(): boolean {
    return performance.now() - this.heardUntil < STALENESS;
  }

  /** Starts to listen. Reconnects after errors, until {@link close}. */
  async open(): Promise<void> {
    const next = performance.now() + HEARTBEAT;
    await this.beat();
    this.tellSilence();
    if (!this.closed)
      this.timer = setTimeout(() => void this.open(), Math.max(0, next - performance.now())).unref();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const client = this.listener?.client;
    this.listener = undefined;
    if (client) await closeConnection(client);
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
    const begun = performance.now();
    let sender: pg.Client | undefined;
    try {
      sender = await this.connect('hivegate heartbeat');
      const { rows } = await sender.query<{ server: string }>(SERVER);
      this.watch.note(rows[0]?.server ?? '', begun);
      await this.renewListener(sender);
      // Nobody listens: behind a pooler that shares sessions, heartbeats would be noise.
      if (this.listener)
        await sender.query('SELECT pg_notify($1, $2)', [CHANNEL, `${this.listener.prefix}${begun}`]);
      this.unheard += 1;
      this.failure = undefined;
    } catch (error) {
      // Any error: the next heartbeat tries again, and nothing is cached when none has arrived for a second.
      this.failure = reasonOf(error);
    } finally {
      if (sender) void closeConnection(sender);
    }
    if (this.closed) await this.close();
  }

  /** Listens on another connection when this one is old, and drops one that hears nothing. */
  private async renewListener(sender: pg.Client): Promise<void> {
    const now = performance.now();
    if (this.listener && this.unheard > PATIENCE) this.stopListening();
    const isOld = this.listener !== undefined && now - this.listener.since > LISTENER_AGE;
    if ((this.listener && !isOld) || now < this.nextTry) return;
    const next = await this.listen(sender);
    // In this order, so that nothing is missed in between.
    if (this.listener) void closeConnection(this.listener.client);
    this.listener = next;
    this.unheard = 0;
  }

  /** Returns a connection that listens; undefined: a pooler shares sessions, so it would hear nothing. */
  private async listen(sender: pg.Client): Promise<Listener | undefined> {
    const client = await this.connect('hivegate changes');
    const prefix = `${HEARTBEAT_PREFIX}${randomUUID()} `;
    let session: number | undefined;
    client.once('end', () => {
      if (this.listener?.client === client) this.dropListener();
    });
    client.on('notification', ({ payload = '', processId }) => {
      if (payload.startsWith(prefix)) {
        // From its own session: a pooler shares it, and gives the next notification to another client.
        if (processId !== session && this.listener?.client === client)
          this.onHeartbeat(Number(payload.slice(prefix.length)));
      } else if (!payload.startsWith(HEARTBEAT_PREFIX) && payload !== '') {
        this.tell(payload);
      }
    });
    try {
      if (await areSessionsShared(client, sender)) {
        void closeConnection(client);
        this.stopListening();
        return undefined;
      }
      // One message, which goes to one session.
      const results = (await client.query(
        `LISTEN ${CHANNEL}; SELECT pg_backend_pid() AS "pid"`,
      )) as unknown as pg.QueryResult<{ pid: number }>[];
      session = results[1]?.rows[0]?.pid;
    } catch (error) {
      void closeConnection(client);
      throw error;
    }
    return { client, since: performance.now(), prefix };
  }

  private connect(name: string): Promise<pg.Client> {
    return connectClient(this.server, name, STALENESS, { keepAlive: true });
  }

  /** Records a heartbeat. After a gap, tells the subscribers that notifications may have been lost. */
  private onHeartbeat(begun: number): void {
    const wereHeard = this.areHeard;
    this.heardUntil = begun;
    this.unheard = 0;
    this.allowListening();
    if (!wereHeard) this.tell(undefined);
  }

  private allowListening(): void {
    this.nextTry = -Infinity;
    this.pause = SHORTEST_PAUSE;
  }

  /** Drops a listener that hears nothing: listening leaves traces in a pooler, so it is tried less and less often. */
  private stopListening(): void {
    this.dropListener();
    this.nextTry = performance.now() + this.pause;
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  private dropListener(): void {
    const client = this.listener?.client;
    this.listener = undefined;
    this.heardUntil = -Infinity;
    if (client) void closeConnection(client);
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
      const reason = this.failure ?? 'a connection pooler shares sessions (transaction mode)';
      this.tellOperator(
        `Notifications between processes do not arrive, so each request reads the user from the database: ${reason}`,
      );
    }
  }
}
