import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An index of the password hashes that are not of this version, by their beginning, which holds their cost
 * (src/users/stored-hash-costs.ts). It is empty where nothing was imported.
 */
export class ExpandForeignHashes1764000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const collation = runner.dataSource.options.type === 'postgres' ? ' COLLATE "C"' : '';
    await runner.query(
      `CREATE INDEX "users_foreign_hashes" ON "users" ((substr("password_hash", 1, 64))${collation}) ` +
        `WHERE substr("password_hash", 1, 2) <> '$2'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "users_foreign_hashes"');
  }
}
