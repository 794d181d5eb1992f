import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts the changes of each network and device type, for their entity tags. */
export class ScopeVersions1764000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['networks', 'device_types'])
      await runner.query(`ALTER TABLE "${table}" ADD COLUMN "version" integer NOT NULL DEFAULT 1`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['networks', 'device_types'])
      await runner.query(`ALTER TABLE "${table}" DROP COLUMN "version"`);
  }
}
