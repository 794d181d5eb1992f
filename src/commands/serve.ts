import type { FastifyBaseLogger } from 'fastify';
import { createService } from '../create-app.js';
import { Database, unusable } from '../database/database.js';
import { describeDatabase } from '../database/describe-database.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import type { Settings } from '../settings/settings.js';
import { VERSION } from '../version.js';
import { parseArguments } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { explain as explainFailure } from './explain.js';
import { listen } from './listen.js';
import { stopOnSignals } from './stop-on-signals.js';

/** Starts the service, which then runs until a signal stops it. */
export const serve: ArgumentParser = (args) => {
  parseArguments(args);
  return async (settings) => {
    await start(settings).catch(fail);
    return undefined;
  };
};

async function start(settings: Settings): Promise<void> {
  const { app } = await createService(settings, (password) => {
    // To standard error, not to the log: only the hash is stored.
    process.stderr.write(
      `\n  Administrator: ${settings.administratorLogin}\n  Password:      ${password}\n  Shown this once. Change it.\n\n`,
    );
  });
  handleUncaughtErrors(app.getHttpAdapter().getInstance().log);
  const url = await listen(app, settings);
  stopOnSignals(app, settings.drainSeconds, fail);
  process.stderr.write(`${describeStart(settings, url, app.get(Database).isNew)}\n`);
}

/** Returns the line that says where the service listens, which version it is, and where its data is. */
function describeStart(settings: Settings, url: string, isNew: boolean): string {
  const { apiPrefix, database, swagger } = settings;
  const page = swagger ? ` and shows its API at ${url}${apiPrefix}/swagger` : '';
  const data = `${isNew ? 'new database' : 'database'} ${describeDatabase(database)}`;
  return `Hivegate answers at ${url}${apiPrefix}${page} (version ${VERSION}, ${data})`;
}

/**
 * Last-resort error handlers (ASVS 16.5.4). After an unhandled rejection the process continues: at most one request has
 * no response, and its response timeout sends one. After an uncaught exception the state is unknown, so the process
 * exits. Without these handlers, Node would print the whole error, including the parameters of SQL statements.
 */
function handleUncaughtErrors(log: FastifyBaseLogger): void {
  process.on('unhandledRejection', (err) => {
    log.error({ err }, 'a rejection was not handled');
  });
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'an error was not caught');
    process.exit(1);
  });
}

/** Exits with an error: one line if the operator can fix the problem, else the whole error. */
function fail(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

/** As commands do, but for a database that was opened and failed during startup, for example because its disk is full. */
const explain = (error: unknown): string =>
  error instanceof UnavailableError && error.cause !== undefined
    ? unusable(error).message
    : explainFailure(error);
