/**
 * Preloaded into the built service (`NODE_OPTIONS=--import`): ends its process, as a loss of power would, right before
 * it sends its `KILL_AT`th statement to the database. Counts from the start, or with `KILL_ARMED=later` from SIGUSR2
 * on, which it answers with `armed` on the console.
 */
import { isMainThread } from 'node:worker_threads';
import pg from 'pg';
import { loadSqlite } from '../../../dist/database/sqlite/sqlite-driver.js';

let left = Number(process.env['KILL_AT']);
let isArmed = process.env['KILL_ARMED'] !== 'later';

function pass() {
  if (!isArmed) return;
  left -= 1;
  if (left > 0) return;
  process.kill(process.pid, 'SIGKILL');
  // Nothing more is done until the signal has come.
  for (;;);
}

if (isMainThread) {
  process.on('SIGUSR2', () => {
    isArmed = true;
    process.stderr.write('armed\n');
  });

  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (...parameters) {
    if (this.connectionParameters.application_name === 'hivegate') pass();
    return query.apply(this, parameters);
  };

  const memory = new (loadSqlite())(':memory:');
  const statement = Object.getPrototypeOf(memory.prepare('SELECT 1'));
  memory.close();
  for (const name of ['run', 'all', 'get']) {
    const execute = statement[name];
    statement[name] = function (...parameters) {
      pass();
      return execute.apply(this, parameters);
    };
  }
}
