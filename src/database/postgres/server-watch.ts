/**
 * Reads which server a connection leads to: the moment of its start, and whether it is a standby. No address: a server
 * may have several.
 */
export const SERVER = `SELECT extract(epoch FROM pg_postmaster_start_time()) || CASE WHEN pg_is_in_recovery() THEN ' standby' ELSE '' END AS "server"`;

/**
 * Which server new connections lead to. After a failover, or when an address leads elsewhere, old connections may still
 * lead to the server of before, which does not know what the new one has changed.
 */
export class ServerWatch {
  private readonly listeners: (() => void)[] = [];
  private known: string | undefined;
  private knownSince = -Infinity;

  /** The server of the newest connection. Undefined: there was none yet. */
  get server(): string | undefined {
    return this.known;
  }

  /**
   * Notes the server of a connection, which may be slower than later ones.
   *
   * @param begun when the connection was begun, by `performance.now()`
   */
  note(server: string, begun: number): void {
    if (begun < this.knownSince) return;
    const before = this.known;
    this.known = server;
    this.knownSince = begun;
    if (before === undefined || before === server) return;
    for (const listener of this.listeners) listener();
  }

  /** `listener` is called when new connections lead to another server. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }
}
