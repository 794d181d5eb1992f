import { lookup } from 'node:dns/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createService } from '../create-app.js';
import { unusable } from '../database/database.js';
import { UnavailableError } from '../errors/unavailable.error.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import { parseArguments } from './arguments.js';
import type { ArgumentParser } from './command.js';

/** Maximum duration of the graceful shutdown, in milliseconds. */
const DRAIN_TIMEOUT = 25_000;

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
  await app.listen(settings.port, await addressOf(settings.host));
  stopOnSignals(app);
  const { apiPrefix } = settings;
  const url = await app.getUrl();
  process.stderr.write(
    `Hivegate answers at ${url}${apiPrefix} and shows its API at ${url}${apiPrefix}/swagger\n`,
  );
}

/**
 * Shuts down gracefully on SIGTERM and SIGINT. Called before the service says that it listens: a supervisor may stop it
 * right after that line.
 */
function stopOnSignals(app: NestFastifyApplication): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // Ignore further signals. Keep the listener: without it, a second signal would stop the process at once.
    if (stopping) return;
    stopping = true;
    process.stderr.write(`${signal}: finishing what is in flight\n`);
    setTimeout(() => process.exit(1), DRAIN_TIMEOUT).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/**
 * Returns the address to listen on. For `localhost`, Fastify would open a second server on the other address family,
 * and our connection limits and graceful shutdown would not apply to it.
 */
async function addressOf(host: string): Promise<string> {
  return host === 'localhost' ? (await lookup(host)).address : host;
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

function explain(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  // The database was opened, but failed during startup, for example because its disk is full.
  if (error instanceof UnavailableError && error.cause !== undefined) return unusable(error).message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code ?? '')) {
    return `HOST or PORT is not valid: ${message}`;
  }
  return stack ?? String(error);
}
