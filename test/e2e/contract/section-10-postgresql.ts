import type { Sentence } from './sentence.js';

/** PostgreSQL as it is run. No request can hold it: its suites start servers, poolers and standbys. */
export const postgresql: readonly Sentence[] = [
  {
    says: '- **PostgreSQL** has to be UTF-8',
    heldBy: ['test/e2e/database-encoding.test.ts'],
  },
  {
    says: 'The service works behind PgBouncer in session',
    heldBy: [
      'test/e2e/postgres-connections.test.ts',
      'test/e2e/principal-cache.test.ts',
      'test/trials/postgres/pgbouncer.test.ts',
      'test/trials/postgres/standby.test.ts',
      'test/trials/postgres/patroni.test.ts',
      'test/trials/postgres/faults.test.ts',
    ],
  },
  {
    says: 'If the start has to wait, it says for what.',
    heldBy: ['test/e2e/postgres-connections.test.ts', 'test/trials/postgres/pgbouncer.test.ts'],
  },
  {
    says: 'A stored `data` that is not JSON',
    heldBy: ['test/e2e/unreadable-data.test.ts'],
  },
];
