import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Marks the bcrypt hashes of version 0.1 with a prefix. They are compared in another way than the hashes of today
 * (src/passwords/stored-password.ts), and are replaced when their users sign in.
 */
export class PasswordKinds1764000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE "users" SET "password_hash" = 'hivegate-0.1' || "password_hash" WHERE "password_hash" LIKE '$2%'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE "users" SET "password_hash" = substr("password_hash", 13) WHERE "password_hash" LIKE 'hivegate-0.1$2%'`,
    );
  }
}
