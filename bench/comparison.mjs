/** The text of a comparison of two checkouts. */
import { median } from './measuring.mjs';

/** What is compared; `better` says which way. A ratio above 1 always means that this checkout is better. */
const FIGURES = [
  { name: 'processor time/request', of: ({ processorTime }) => processorTime, unit: 'µs', better: 'lower' },
  { name: 'throughput', of: ({ perSecond }) => perSecond, unit: '/s', better: 'higher' },
  { name: 'p99', of: ({ p99 }) => p99, unit: 'ms', better: 'lower' },
];

/** What is compared and how to read it. */
export function heading({ here, against, rounds }) {
  return [
    `here:    ${here}`,
    `against: ${against}`,
    '',
    'Ratio: processor time and p99 are against / here, throughput is here / against. Higher is better for this',
    'checkout; ratio >= 0.97 means at least as good as before. Processor time (user + system, all threads of the',
    'service process) is the figure that counts; throughput and p99 also depend on what else the machine does.',
    `Values are medians of ${rounds} rounds. The ratio is taken in each round: median (min..max). Both services are`,
    'restarted every few rounds; the median of each start shows the noise.',
    'BCRYPT_COST=4, so that the work of the service itself shows in POST /token.',
    '',
  ].join('\n');
}

/** The rows of one load. `starts` holds, for each start of the services, the pairs of results of its rounds. */
export function describeComparison({ title, connections, requests }, starts) {
  const pairs = starts.flat();
  const rows = FIGURES.map((figure) => {
    const { name, of, unit } = figure;
    const ratios = ratiosOf(figure, pairs);
    return [
      name.padEnd(24),
      value(median(pairs.map(({ our }) => of(our))), unit),
      value(median(pairs.map(({ their }) => of(their))), unit),
      `  ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)}..${Math.max(...ratios).toFixed(3)})`,
    ].join('');
  });
  return [
    `${title}  (${requests} requests a round, ${connections} connections)`,
    `${''.padEnd(24)}${'here'.padStart(12)}${'against'.padStart(12)}  ratio`,
    ...rows,
    `processor time ratio by start: ${starts.map((turns) => median(ratiosOf(FIGURES[0], turns)).toFixed(3)).join('  ')}`,
  ].join('\n');
}

function ratiosOf({ of, better }, pairs) {
  return pairs.map(({ our, their }) => (better === 'lower' ? of(their) / of(our) : of(our) / of(their)));
}

const value = (number, unit) => `${number.toFixed(number < 100 ? 1 : 0)} ${unit}`.padStart(12);
