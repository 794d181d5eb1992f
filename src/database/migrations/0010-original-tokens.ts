import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which sessions go back to tokens of the original, and for which users these have been ended: so far for those who have
 * got a new password here.
 */
export class OriginalTokens1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [no, yes] = runner.dataSource.options.type === 'postgres' ? ['false', 'true'] : ['0', '1'];
    for (const [table, column] of COLUMNS)
      await runner.query(`ALTER TABLE "${table}" ADD COLUMN "${column}" boolean NOT NULL DEFAULT ${no}`);
    // It counts new passwords.
    await runner.query(`UPDATE "users" SET "original_tokens_ended" = ${yes} WHERE "token_generation" > 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, column] of COLUMNS)
      await runner.query(`ALTER TABLE "${table}" DROP COLUMN "${column}"`);
  }
}

const COLUMNS = [
  ['users', 'original_tokens_ended'],
  // They have the columns of users (0002-decoys.ts).
  ['sign_in_decoys', 'original_tokens_ended'],
  ['sessions', 'from_original'],
] as const;
