/**
 * The load, in a process of its own: reads the options of one autocannon run from each line of standard input as JSON,
 * and prints the result as a line of JSON.
 */
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await run(JSON.parse(line))));
}

async function run(options) {
  const { amount } = options;
  // autocannon notices only at its next sample that an amount is complete.
  const running = autocannon({ timeout: 60, ...(amount !== undefined && { sampleInt: 10 }), ...options });
  let began, last;
  running.on('start', () => (began = performance.now())).on('response', () => (last = performance.now()));
  const { latency, requests, errors, non2xx, statusCodeStats, duration, resets } = await running;
  return {
    // The total over the exact time: the average of autocannon is one of whole seconds.
    perSecond: requests.total / (amount === undefined ? duration : (last - began) / 1000),
    total: requests.total,
    p50: latency.p50,
    p99: latency.p99,
    mean: latency.average,
    errors: errors + resets,
    non2xx,
    statuses: Object.fromEntries(
      Object.entries(statusCodeStats ?? {}).map(([code, { count }]) => [code, count]),
    ),
  };
}
