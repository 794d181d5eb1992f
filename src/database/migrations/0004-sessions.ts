import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sessions, and who has locked a user out: an administrator, or failed logins. Earlier rows do not tell: those without
 * an end by time count as locked by an administrator. Tokens from before belong to no session, so they are refused.
 */
export class Sessions1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const [yes, no] = postgres ? ['true', 'false'] : ['1', '0'];
    for (const table of ['users', 'sign_in_decoys']) {
      await runner.query(
        `ALTER TABLE "${table}" ADD COLUMN "locked_by_failed_logins" boolean NOT NULL DEFAULT ${no}`,
      );
    }
    await runner.query(
      `UPDATE "users" SET "locked_by_failed_logins" = ${yes} WHERE "status" = 1 AND "blocked_until" IS NOT NULL`,
    );

    // Ids are compared by code point on both databases: transactions lock rows in the order of their ids.
    const id = postgres ? 'text COLLATE "C"' : 'text';
    await runner.query(`
      CREATE TABLE "sessions" (
        "id" ${id} PRIMARY KEY NOT NULL,
        "user_id" bigint NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
        "kind" text NOT NULL,
        "label" text,
        "parent_id" ${id},
        "created_by" bigint,
        "acting_id" bigint,
        "created_at" bigint NOT NULL,
        "last_used_at" bigint NOT NULL,
        "expires_at" bigint NOT NULL,
        "access_expires_at" bigint NOT NULL,
        "revoked_at" bigint,
        "removable_at" bigint NOT NULL,
        "address" text NOT NULL,
        "user_agent" text,
        "actions" text NOT NULL,
        "network_ids" text,
        "device_type_ids" text,
        "rotations" text NOT NULL
      )${postgres ? '' : ' WITHOUT ROWID'}`);
    await runner.query('CREATE INDEX "sessions_user_id" ON "sessions" ("user_id", "created_at", "id")');
    await runner.query(
      'CREATE INDEX "sessions_created_by" ON "sessions" ("created_by") WHERE "created_by" IS NOT NULL',
    );
    await runner.query(
      'CREATE INDEX "sessions_acting_id" ON "sessions" ("acting_id") WHERE "acting_id" IS NOT NULL',
    );
    await runner.query(
      'CREATE INDEX "sessions_parent_id" ON "sessions" ("parent_id") WHERE "parent_id" IS NOT NULL',
    );
    // Each sign-in looks for the open sessions of its user, and for the revoked ones beyond a number.
    await runner.query(
      'CREATE INDEX "sessions_open" ON "sessions" ("user_id", "kind") WHERE "revoked_at" IS NULL',
    );
    await runner.query(
      'CREATE INDEX "sessions_revoked" ON "sessions" ("user_id", "revoked_at", "id") WHERE "revoked_at" IS NOT NULL',
    );
    await runner.query('CREATE INDEX "sessions_removable_at" ON "sessions" ("removable_at")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "sessions"');
    for (const table of ['sign_in_decoys', 'users']) {
      await runner.query(`ALTER TABLE "${table}" DROP COLUMN "locked_by_failed_logins"`);
    }
  }
}
