import { SCHEMA } from '../../app.schema.js';
import { DatabaseInspection } from '../../database/database-inspection.js';
import { migrationsOf } from '../../database/schema.js';
import { OperatorError } from '../../errors/operator-error.js';
import { type Settings, SettingsError } from '../../settings/settings.js';
import { checkAdministrators } from './check-administrators.js';
import { checkClock } from './check-clock.js';
import { checkPostgres } from './check-postgres.js';
import { error, type Finding, ok, warning } from './finding.js';

/** Checks the database without changing it. */
export async function checkDatabase(settings: Settings): Promise<readonly Finding[]> {
  let inspection: DatabaseInspection;
  try {
    inspection = await DatabaseInspection.open(settings.database);
  } catch (problem) {
    return [checkClock(), refusalOf(problem)];
  }
  try {
    const isPostgres = settings.database.kind === 'postgres';
    return [
      ...(settings.database.kind === 'postgres'
        ? await checkPostgres(inspection, settings.database.url)
        : [checkClock()]),
      ...(await checkSchema(inspection, settings, isPostgres)),
    ];
  } catch (problem) {
    return [refusalOf(problem)];
  } finally {
    await inspection.close();
  }
}

async function checkSchema(
  inspection: DatabaseInspection,
  settings: Settings,
  isPostgres: boolean,
): Promise<readonly Finding[]> {
  const pending = await inspection.pendingMigrations(SCHEMA);
  const isNew = pending.length === migrationsOf(SCHEMA).length;
  if (isNew) return [warning('The database is empty: the first start creates its tables')];
  if (pending.length > 0)
    return [
      warning(`Migrations are pending, which the next start or hivegate migrate runs: ${pending.join(', ')}`),
    ];
  const kind = isPostgres ? 'PostgreSQL' : 'SQLite';
  return [
    ok(`The database can be reached (${kind}), and is of this version`),
    ...(await checkAdministrators(inspection, settings)),
  ];
}

function refusalOf(problem: unknown): Finding {
  if (problem instanceof OperatorError) return warning(`The database was not read: ${problem.message}`);
  if (problem instanceof SettingsError) return error(problem.message);
  throw problem;
}
