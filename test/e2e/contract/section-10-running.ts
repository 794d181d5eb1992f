import { type Sentence, step } from './sentence.js';

const HEALTH = ['test/e2e/health.test.ts'];
const METRICS = ['test/e2e/metrics.test.ts', 'test/e2e/metrics.documents.test.ts'];

/** What a running service tells those who operate it. Much of it is held by suites that start services of their own. */
export const running: readonly Sentence[] = [
  {
    says: "- **Metrics**, in Prometheus' format,",
    configured: [
      {
        with: { METRICS: 'on' },
        cases: [
          [
            step('client', 'GET /user/{own}', { status: 200 }),
            step('anyone', 'GET /metrics', {
              status: 200,
              carries: { 'content-type': /^text\/plain/ },
              text: /^hivegate_[a-z_]+_bucket\{.*route="\/user\/:id"/m,
            }),
          ],
        ],
      },
    ],
    heldBy: METRICS,
  },
  { says: '`traceparent` (W3C) of a request is in its log lines;', heldBy: ['test/e2e/tracing.test.ts'] },
  { says: 'with `OTEL_EXPORTER_OTLP_ENDPOINT` set', heldBy: ['test/e2e/tracing.test.ts'] },
  {
    says: '- **Health.** `ready` says that requests can be *served*',
    cases: [
      [
        step('anyone', 'GET /health/ready', {
          status: 200,
          body: { status: 'ok', details: { keys: { status: 'up' }, database: { status: 'up' } } },
        }),
      ],
    ],
    heldBy: HEALTH,
  },
  { says: 'The result is kept for a second.', heldBy: HEALTH },
];
