import { SettingsError } from '../settings/settings.js';
import { migrationsOf, type Schema } from './schema.js';

/** Returns the applied migrations that this version does not know: a newer one has run them. */
export function unknownMigrations(applied: readonly string[], schema: Schema): string[] {
  const known = migrationsOf(schema);
  return applied.filter((name) => !known.includes(name));
}

/**
 * Whether the name of a migration says that it only adds: tables, indexes, and columns that are nullable or have a
 * default. The version before goes on serving then, and may start on the schema (docs/operations.md).
 */
export const isExpansion = (name: string): boolean => /^Expand[A-Z]/.test(name);

/** The error for a schema that this version cannot use. */
export const otherVersion = (which: 'a newer' | 'an older') =>
  new SettingsError(`DATABASE_URL cannot be used: the database is of ${which} version than this program`);
