import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Answer, Client } from '../../support/client.js';
import type { TestDatabase } from '../../support/database.js';
import { Changes } from './writer.js';

/** For how long a transaction stays open after it has written its event, in milliseconds. */
const HELD = 2000;

/** Transactions that stay open after they have written their events, so that later ones are committed before them. */
export class HeldTransactions {
  readonly changes = new Changes('held');
  /** Deletions of users by the service, held open in the middle. */
  readonly deletions = new Changes('held-deletion');

  constructor(private readonly database: TestDatabase) {}

  /** Writes an event as `recordEvent` does, in a transaction that stays open, again and again. */
  async write(until: () => boolean): Promise<void> {
    while (!until()) {
      const change = this.changes.begin('network.created');
      const data = JSON.stringify({ requestId: change.requestId });
      await this.within(async (connection) => {
        await connection.query(
          'INSERT INTO pending_events (at, type, subject, actor_id, data, counting) VALUES ($1, $2, $3, NULL, $4, NULL)',
          [Date.now(), 'network.created', 'network/0', data],
        );
        await pause(HELD);
      });
      change.acknowledged = performance.now();
    }
  }

  /** Deletes users through the API, while another connection locks an assignment: the service has to wait for it. */
  async delete(client: Client, until: () => boolean): Promise<void> {
    for (let number = 0; !until(); number += 1) {
      const login = `held-user-${number}`;
      const { body } = await client.post('/user', { login, password: `the password of ${login}`, role: 1 });
      await client.put(`/user/${body.id}/network/1`, {});
      await client.post('/token', { login, password: `the password of ${login}` });
      const change = this.deletions.begin('user.deleted');
      const headers = { 'x-request-id': change.requestId };
      let deleted: Promise<Answer> | undefined;
      await this.within(async (connection) => {
        await connection.query('SELECT 1 FROM user_networks WHERE user_id = $1 FOR UPDATE', [body.id]);
        // Its sessions are revoked before its rows are deleted.
        deleted = client.delete(`/user/${body.id}`, headers);
        await pause(HELD);
      });
      if ((await deleted)?.status === 204) change.acknowledged = performance.now();
    }
  }

  private async within(work: (connection: pg.Client) => Promise<void>): Promise<void> {
    const connection = new pg.Client({ connectionString: this.database.url });
    await connection.connect();
    try {
      await connection.query('BEGIN');
      await work(connection);
      await connection.query('COMMIT');
    } finally {
      await connection.end();
    }
  }
}
