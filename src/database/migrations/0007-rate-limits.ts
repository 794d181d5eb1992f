import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What rate limits have counted, for all processes together. */
export class RateLimits1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    // Compared by code point: each transaction writes its rows in this order.
    await runner.query(`
      CREATE TABLE "rate_limits" (
        "key" ${postgres ? 'text COLLATE "C"' : 'text'} PRIMARY KEY NOT NULL,
        "points" integer NOT NULL,
        "expires_at" bigint NOT NULL
      )${postgres ? '' : ' WITHOUT ROWID'}`);
    await runner.query('CREATE INDEX "rate_limits_expires_at" ON "rate_limits" ("expires_at")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "rate_limits"');
  }
}
