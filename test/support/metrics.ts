/** A sample of Prometheus' text format. */
export interface Sample {
  /** With `_bucket`, `_sum` or `_count`, where it is of a histogram. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of a text in Prometheus' format. Fails on a line that has another form. */
export function samplesOf(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const { name, labels, value } =
        /^(?<name>[a-z_\d]+)(?:\{(?<labels>[^}]*)\})? (?<value>[\d.e+-]+|[+-]?Inf|Nan)$/.exec(line)?.groups ??
        {};
      if (name === undefined) throw new Error(`This is no sample: ${line}`);
      const pairs = [...(labels ?? '').matchAll(/(?<label>\w+)="(?<text>[^"]*)"/g)];
      return {
        name,
        labels: Object.fromEntries(
          pairs.map(({ groups }) => [groups?.['label'] ?? '', groups?.['text'] ?? '']),
        ),
        value: Number(value),
      };
    });
}

/** The sum of the samples of a name whose labels include these. */
export const sumOf = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  samples
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([label, text]) => sample.labels[label] === text))
    .reduce((sum, { value }) => sum + value, 0);

/** The names of the metrics of a text, as their `TYPE` lines give them. */
export const metricsOf = (text: string): { readonly name: string; readonly type: string }[] =>
  [...text.matchAll(/^# TYPE (?<name>\S+) (?<type>\S+)$/gm)].map(({ groups }) => ({
    name: groups?.['name'] ?? '',
    type: groups?.['type'] ?? '',
  }));
