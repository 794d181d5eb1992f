import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Decoy rows that count attempts at unknown logins. They have the same columns as users, so that attempts at known and
 * unknown logins do the same work. The previous single row revealed unknown logins: parallel attempts waited for its
 * lock.
 */
export class Decoys1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query('ALTER TABLE "users" ADD COLUMN "guessed_at" bigint');
    await runner.query('DROP TABLE "sign_in_decoy"');
    await runner.query(
      postgres
        ? 'CREATE TABLE "sign_in_decoys" (LIKE "users" INCLUDING ALL)'
        : `
      CREATE TABLE "sign_in_decoys" (
        "id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
        "login" text NOT NULL,
        "login_key" text COLLATE NOCASE NOT NULL,
        "password_hash" text NOT NULL,
        "role" integer NOT NULL,
        "status" integer NOT NULL,
        "data" text,
        "intro_reviewed" boolean NOT NULL DEFAULT 0,
        "all_device_types_available" boolean NOT NULL DEFAULT 1,
        "last_login" bigint,
        "login_attempts" integer NOT NULL DEFAULT 0,
        "blocked_until" bigint,
        "token_generation" integer NOT NULL DEFAULT 0,
        "version" integer NOT NULL DEFAULT 1,
        "guessed_at" bigint
      )`,
    );
    // Disabled clients. The password hash is invalid, but as long as a real one.
    await runner.query(`
      INSERT INTO "sign_in_decoys" ("id", "login", "login_key", "password_hash", "role", "status")
      WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
      SELECT n, 'decoy ' || n, 'decoy ' || n, '${'.'.repeat(60)}', 1, 2 FROM numbers`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "sign_in_decoys"');
    await runner.query(
      'CREATE TABLE "sign_in_decoy" ("id" integer PRIMARY KEY NOT NULL, "attempts" bigint NOT NULL DEFAULT 0)',
    );
    await runner.query('INSERT INTO "sign_in_decoy" ("id") VALUES (1)');
    await runner.query('ALTER TABLE "users" DROP COLUMN "guessed_at"');
  }
}
