/**
 * The command of a PgBouncer that keeps prepared statements in transaction mode: 1.21 or later, which Debian 12 does not
 * have. `.ci/run` unpacks that of Debian 13 with its libraries, and sets `NEWER_PGBOUNCER`.
 */
export function newerPgbouncer(): readonly string[] | undefined {
  const command = process.env['NEWER_PGBOUNCER'];
  return command === undefined || command === '' ? undefined : command.split(' ');
}
