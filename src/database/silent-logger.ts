import type { Logger } from 'typeorm';

const ignore = () => undefined;

/**
 * Logs nothing. `logging: false` is not enough: TypeORM would still write to standard output, between the JSON lines of
 * the log and before the result of a command, that a migration has failed. Its error says so, too.
 */
export const SILENT_LOGGER: Logger = {
  log: ignore,
  logMigration: ignore,
  logQuery: ignore,
  logQueryError: ignore,
  logQuerySlow: ignore,
  logSchemaBuild: ignore,
};
