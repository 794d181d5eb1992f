import { KeptConnection, requestOf } from './kept-connection.js';
import { kolmogorovSmirnov, mannWhitney, median, standardError } from './statistics.js';

/** Rounds before it is measured: until everything is compiled, and every cache filled. */
const WARM_UP = 300;

/** Durations in milliseconds, by kind. */
type Samples = Readonly<Record<string, readonly number[]>>;

/**
 * How long sign-ins take: in rounds, each kind once in each round and in random order, one after the other on one
 * connection. Whatever else goes on in the machine meets all kinds alike.
 */
export async function durationsOf(
  baseUrl: string,
  kinds: Readonly<Record<string, object>>,
  samples: number,
): Promise<{ durations: Record<string, number[]>; bytes: Set<string> }> {
  const requests = Object.entries(kinds).map(([name, body]) => ({
    request: requestOf('/token', body),
    name,
    taken: [] as number[],
  }));
  const bytes = new Set<string>();
  const connection = await KeptConnection.to(baseUrl);
  for (let round = -WARM_UP; round < samples; round += 1) {
    for (const { request, taken } of shuffled(requests)) {
      const answer = await connection.send(request);
      bytes.add(answer.bytes);
      if (round >= 0) taken.push(answer.duration);
    }
  }
  connection.close();
  return { durations: Object.fromEntries(requests.map(({ name, taken }) => [name, taken])), bytes };
}

/** What two tests say of each two kinds. */
export function tellApart(samples: Samples, alpha: number) {
  const names = Object.keys(samples);
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const));
  const each = alpha / (pairs.length * 2);
  const results = pairs.map(([one, other]) => {
    const [a, b] = [samples[one] ?? [], samples[other] ?? []];
    const { superiority, p } = mannWhitney(a, b);
    return {
      name: `${one} / ${other}`,
      size: Math.min(a.length, b.length),
      p: Math.min(p, kolmogorovSmirnov(a, b)),
      best: Math.max(superiority, 1 - superiority),
    };
  });
  const worst = results.reduce((most, result) => (result.best > most.best ? result : most));
  const middles = names.map((name) => median(samples[name] ?? []));
  return {
    pairs: pairs.length,
    /** The p below which a pair is told apart. */
    alpha: each,
    found: results.filter(({ p }) => p < each).map(({ name }) => name),
    smallestP: Math.min(...results.map(({ p }) => p)),
    /** Of the pair that is told apart best, with the interval that holds it in 95 of 100 runs. */
    superiority: `${(worst.best * 100).toFixed(1)} ± ${(1.96 * standardError(worst.size) * 100).toFixed(1)} %`,
    medians: `${Math.min(...middles).toFixed(3)} to ${Math.max(...middles).toFixed(3)}`,
  };
}

function shuffled<T>(values: readonly T[]): T[] {
  const copy = [...values];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}
