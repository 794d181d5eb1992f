/** What a comparison of two samples of durations came to. */
export interface Difference {
  /** The probability that one of the first takes longer than one of the second; 0.5: nothing to tell them apart by. */
  readonly superiority: number;
  /** The probability of a difference like this, or a greater one, between samples of the same kind. */
  readonly p: number;
}

/** The standard error of the superiority of one of two samples of this size that do not differ. */
export const standardError = (size: number): number => Math.sqrt((2 * size + 1) / (12 * size * size));

/** Mann–Whitney U, two-sided, by its normal approximation: whether one sample tends to be greater. */
export function mannWhitney(one: readonly number[], other: readonly number[]): Difference {
  const [n, m] = [one.length, other.length];
  const all = [
    ...one.map((value) => ({ value, isFirst: true })),
    ...other.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => a.value - b.value);
  let ranks = 0;
  let ties = 0;
  for (let start = 0; start < all.length;) {
    let end = start + 1;
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1;
    // Those that are equal share their ranks.
    const firsts = all.slice(start, end).filter(({ isFirst }) => isFirst).length;
    ranks += (firsts * (start + 1 + end)) / 2;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  const u = ranks - (n * (n + 1)) / 2;
  const size = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (size + 1 - ties / (size * (size - 1))));
  return { superiority: u / (n * m), p: deviation === 0 ? 1 : twoSided((u - (n * m) / 2) / deviation) };
}

/** Kolmogorov–Smirnov, by its limit distribution: whether two samples are distributed differently in any way. */
export function kolmogorovSmirnov(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [[...one].sort((x, y) => x - y), [...other].sort((x, y) => x - y)];
  let [i, j, distance] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    while (i < a.length && (a[i] ?? Infinity) <= value) i += 1;
    while (j < b.length && (b[j] ?? Infinity) <= value) j += 1;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  const lambda = Math.sqrt((a.length * b.length) / (a.length + b.length)) * distance;
  if (lambda < 0.2) return 1;
  let p = 0;
  for (let k = 1; k <= 100; k += 1) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * (k * lambda) ** 2);
  return Math.min(1, Math.max(0, p));
}

/** The value in the middle. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value that a `share` of the values lies below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? NaN;
}

/** The probability of a standard normal value as far from 0 as `z`, or further (Abramowitz and Stegun 7.1.26, and its tail). */
function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.min(1, polynomial * Math.exp(-x * x));
}
