import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the delivery of events by webhook is: at most one row (src/events/webhooks). */
export class ExpandWebhookDeliveries1764000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "webhook_deliveries" (
        "id" integer PRIMARY KEY NOT NULL,
        "read_up_to" bigint NOT NULL,
        "waiting" text NOT NULL,
        "owner" text,
        "leased_until" bigint NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "webhook_deliveries"');
  }
}
