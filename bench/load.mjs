/**
 * The load, in a process of its own: reads the options of one autocannon run from standard input as JSON, and
 * prints what came of it.
 */
import autocannon from 'autocannon';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const result = await autocannon({ timeout: 60, ...JSON.parse(text) });
const { latency, requests, errors, non2xx, statusCodeStats, duration, resets } = result;
console.log(
  JSON.stringify({
    // The total over the exact time: the average of autocannon is one of whole seconds.
    perSecond: requests.total / duration,
    total: requests.total,
    p50: latency.p50,
    p99: latency.p99,
    mean: latency.average,
    errors: errors + resets,
    non2xx,
    statuses: Object.fromEntries(
      Object.entries(statusCodeStats ?? {}).map(([code, { count }]) => [code, count]),
    ),
  }),
);
