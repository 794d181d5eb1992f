import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The sources that users usually sign in from, and when a bucket of failed logins was closed. A pause after failed
 * logins at the last administrator, as earlier versions had it, ends.
 */
export class KnownSources1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    for (const table of ['users', 'sign_in_decoys']) {
      await runner.query(`ALTER TABLE "${table}" ADD COLUMN "blocked_at" bigint`);
      await runner.query(`UPDATE "${table}" SET "blocked_until" = NULL WHERE "status" <> 1`);
      // Decoys have no lockouts, but a write to one must cost as much as a write to a user.
      await runner.query(
        `CREATE INDEX "${table}_lockouts" ON "${table}" ("blocked_until") WHERE "locked_by_failed_logins"`,
      );
    }
    await runner.query(`
      CREATE TABLE "known_sources" (
        "user_id" bigint NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
        "source" ${postgres ? 'text COLLATE "C"' : 'text'} NOT NULL,
        "last_used_at" bigint NOT NULL,
        "login_attempts" integer NOT NULL DEFAULT 0,
        "blocked_at" bigint,
        "blocked_until" bigint,
        PRIMARY KEY ("user_id", "source")
      )${postgres ? '' : ' WITHOUT ROWID'}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "known_sources"');
    for (const table of ['sign_in_decoys', 'users']) {
      await runner.query(`DROP INDEX "${table}_lockouts"`);
      await runner.query(`ALTER TABLE "${table}" DROP COLUMN "blocked_at"`);
    }
  }
}
