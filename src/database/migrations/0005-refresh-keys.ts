import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The key that signs refresh tokens, one for each published key. It is null only for keys that an earlier version
 * stored: the service generates it, because a migration does not have `KEY_ENCRYPTION_SECRET`.
 */
export class RefreshKeys1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "signing_keys" ADD COLUMN "refresh_key" text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "signing_keys" DROP COLUMN "refresh_key"');
  }
}
