import { SCHEMA } from '../../app.schema.js';
import { decryptKey } from '../../authentication/signing-keys/key-encryption.js';
import { DatabaseInspection } from '../../database/database-inspection.js';
import { migrationsOf } from '../../database/schema.js';
import { OperatorError } from '../../errors/operator-error.js';
import { type Settings, SettingsError } from '../../settings/settings.js';
import { checkAdministrators } from './check-administrators.js';
import { checkClock } from './check-clock.js';
import { checkPostgres } from './check-postgres.js';
import { type Diagnosis, error, ok, warning } from './diagnosis.js';

/** Checks the database without changing it. */
export async function checkDatabase(settings: Settings): Promise<readonly Diagnosis[]> {
  let inspection: DatabaseInspection;
  try {
    inspection = await DatabaseInspection.open(settings.database);
  } catch (problem) {
    return [checkClock(), refusalOf(problem)];
  }
  const diagnoses: Diagnosis[] = [];
  try {
    const { database } = settings;
    const isPostgres = database.kind === 'postgres';
    diagnoses.push(...(isPostgres ? await checkPostgres(inspection, database.url) : [checkClock()]));
    diagnoses.push(...(await checkSchema(inspection, settings, isPostgres)));
  } catch (problem) {
    diagnoses.push(refusalOf(problem));
  } finally {
    await inspection.close();
  }
  return diagnoses;
}

async function checkSchema(
  inspection: DatabaseInspection,
  settings: Settings,
  isPostgres: boolean,
): Promise<readonly Diagnosis[]> {
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
    ...(await checkKeys(inspection, settings)),
    ...(await checkAdministrators(inspection, settings)),
  ];
}

/** Checks that the stored keys can be decrypted: the service does not start else. `JWT_SECRET` takes their place. */
async function checkKeys(
  inspection: DatabaseInspection,
  { jwtSecret, keyEncryptionSecret }: Settings,
): Promise<readonly Diagnosis[]> {
  if (jwtSecret !== undefined) return [];
  const rows = await inspection.query(
    'SELECT "private_key" AS "one", "refresh_key" AS "two" FROM "signing_keys"',
  );
  const stored = rows.flatMap(({ one, two }) => [one, two]).filter((key) => typeof key === 'string');
  if (stored.length === 0) return [];
  try {
    for (const key of stored) await decryptKey(key, keyEncryptionSecret);
    return [ok('The signing keys can be read')];
  } catch (problem) {
    return [error((problem as Error).message)];
  }
}

function refusalOf(problem: unknown): Diagnosis {
  if (problem instanceof OperatorError) return warning(`The database was not read: ${problem.message}`);
  if (problem instanceof SettingsError) return error(problem.message);
  return error(`The database cannot be read: ${(problem as Error).message}`);
}
