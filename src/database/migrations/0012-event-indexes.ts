import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes of events, for times (src/events/event-blocks.ts) and for a type together with an actor.
 *
 * While PostgreSQL makes them, nothing is written to `events`; requests go on, as they write to `pending_events`. Where
 * that takes too long, they can be made before the upgrade, with CONCURRENTLY (docs/operations.md).
 */
export class ExpandEventIndexes1764000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, columns] of INDEXES)
      await runner.query(`CREATE INDEX IF NOT EXISTS "${name}" ON "events" (${columns})`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [name] of INDEXES) await runner.query(`DROP INDEX "${name}"`);
  }
}

const INDEXES = [
  ['events_block', '("id" / 20000), "at"'],
  ['events_actor_type', '"actor_id", "type", "id"'],
] as const;
