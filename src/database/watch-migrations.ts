import type { DataSource } from 'typeorm';

/** Is told the name of each migration that has run, before the transaction of all is committed. */
export type MigrationObserver = (name: string) => void;

/** Tells `observer` of each migration that `source` runs. */
export function watchMigrations({ migrations }: DataSource, observer: MigrationObserver): void {
  for (const migration of migrations) {
    const up = migration.up.bind(migration);
    migration.up = async (runner) => {
      await up(runner);
      observer(migration.constructor.name);
    };
  }
}
