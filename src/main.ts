import { lookup } from 'node:dns/promises';
import type { FastifyBaseLogger } from 'fastify';
import { createService } from './create-app.js';
import { unusable } from './database/database.js';
import { UnavailableError } from './errors/unavailable.error.js';
import { readSettings, SettingsError } from './settings/settings.js';

/** How long, in milliseconds, requests in flight have to finish when the service is told to stop. */
const DRAIN_TIMEOUT = 25_000;

async function main(): Promise<void> {
  // A console that is gone. Without a listener the next word to it would end the process, and requests in flight with it.
  process.stderr.on('error', () => undefined);
  const settings = readSettings();
  const { app } = await createService(settings, (password) => {
    // To the console and not to the log, once: from here on only its hash is known.
    process.stderr.write(
      `\n  Administrator: ${settings.administratorLogin}\n  Password:      ${password}\n  Shown this once. Change it.\n\n`,
    );
  });
  survive(app.getHttpAdapter().getInstance().log);
  await app.listen(settings.port, await addressOf(settings.host));
  const { apiPrefix } = settings;
  const url = await app.getUrl();
  process.stderr.write(
    `Hivegate answers at ${url}${apiPrefix} and shows its API at ${url}${apiPrefix}/swagger\n`,
  );

  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    // Told again, it goes on finishing: without a listener the second signal would end the process at once.
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
 * The address to listen on. Given `localhost`, Fastify would open a second server for its other address, which knows
 * nothing of the limits and of the drain of the first.
 */
async function addressOf(host: string): Promise<string> {
  return host === 'localhost' ? (await lookup(host)).address : host;
}

/**
 * The last resort for what nobody has handled (ASVS 16.5.4). A promise that was rejected leaves at most one request
 * without an answer, which its time-out gives it: the others go on. After anything else the process is not to be
 * trusted, and ends. Node itself would print the whole error, and with it the parameters of a statement.
 */
function survive(log: FastifyBaseLogger): void {
  process.on('unhandledRejection', (err) => {
    log.error({ err }, 'a rejection was not handled');
  });
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'an error was not caught');
    process.exit(1);
  });
}

/** Ends the process: with one line for what the operator can mend, with the whole error otherwise. */
function fail(error: unknown): void {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  // The database was there, and could not do what the first start needs of it: its disk is full, say.
  if (error instanceof UnavailableError && error.cause !== undefined) return unusable(error).message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code ?? '')) {
    return `HOST or PORT is not valid: ${message}`;
  }
  return stack ?? String(error);
}

main().catch(fail);
