import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which sessions go back to tokens of the original, and for which users these have been ended. */
export class OriginalTokens1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const no = runner.dataSource.options.type === 'postgres' ? 'false' : '0';
    for (const [table, column] of COLUMNS)
      await runner.query(`ALTER TABLE "${table}" ADD COLUMN "${column}" boolean NOT NULL DEFAULT ${no}`);
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
