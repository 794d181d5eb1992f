import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricsOf, type Sample, samplesOf } from '../support/metrics.js';
import { PASSWORD, TestService } from '../support/service.js';
import { until } from '../support/until.js';

/** Labels that Prometheus adds itself. */
const ADDED = ['instance', 'job'];
/** What histograms have besides their own labels. */
const BUCKET = 'le';
/** Metrics that Prometheus has of every target. */
const OF_PROMETHEUS = ['up'];

const read = (path: string) => readFileSync(path, 'utf8');

/** What a query names: its metrics, and the labels that it reads of any. */
function namesIn(query: string): { metrics: string[]; labels: string[] } {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const lists = [...bare.matchAll(/\b(?:by|without|on|ignoring)\s*\((?<list>[^)]*)\)/g)];
  const matchers = [...bare.matchAll(/\{(?<list>[^}]*)\}/g)];
  const labels = [
    ...lists.flatMap(({ groups }) => (groups?.['list'] ?? '').split(',')),
    ...matchers.flatMap(({ groups }) =>
      (groups?.['list'] ?? '').split(',').map((matcher) => matcher.split(/[=!]/, 1)[0] ?? ''),
    ),
  ];
  return {
    metrics: [...bare.matchAll(/\b(?:hivegate|nodejs|process)_\w+|\bup\b/g)].map(([name]) => name),
    labels: labels.map((label) => label.trim()).filter((label) => label !== ''),
  };
}

const rules = read('ops/prometheus/hivegate.rules.yml');
/** The expressions of the alerting rules: of one line, or indented below `|`. */
const alerts = [...rules.matchAll(/^ +expr: (?:\|\n(?<block>(?: {10,}.*\n)+)|(?<line>.*)\n)/gm)].map(
  ({ groups }) => groups?.['block'] ?? groups?.['line'] ?? '',
);

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition: string }[] };
}
const dashboard = JSON.parse(read('ops/grafana/dashboards/hivegate.json')) as Dashboard;
const targets = dashboard.panels.flatMap(({ targets: ofPanel = [] }) => ofPanel);

describe('every metric', () => {
  let service: TestService;
  let text: string;
  let samples: Sample[];
  let labelsOf: Map<string, Set<string>>;

  beforeAll(async () => {
    service = await TestService.start({ METRICS: 'on' });
    const user = await service.createUser();
    await user.client.put('/user/current', { data: { n: 1 } });
    await service.client.signIn({ login: user.login, password: `${PASSWORD}, but wrong` });
    await until(async () => {
      ({ text } = await service.client.get('/metrics'));
      samples = samplesOf(text);
      return ['hivegate_open_sessions', 'hivegate_events_total', 'nodejs_gc_duration_seconds_count'].every(
        (name) => samples.some((sample) => sample.name === name),
      );
    });
    labelsOf = new Map();
    for (const { name, labels } of samples) {
      const known = labelsOf.get(name) ?? new Set(ADDED);
      for (const label of Object.keys(labels)) known.add(label);
      labelsOf.set(name, known);
    }
  });
  afterAll(() => service.stop());

  it('that is served is explained in docs/operations.md, with its type and labels, and no other is', () => {
    const rows = [
      ...read('docs/operations.md').matchAll(
        /^\| `(?<name>[a-z_\d]+)` +\|(?<labels>[^|]*)\| (?<type>gauge|counter|histogram) +\| *\S/gm,
      ),
    ];
    const explained = rows.map(({ groups }) => ({
      name: groups?.['name'],
      type: groups?.['type'],
      labels: [...(groups?.['labels'] ?? '').matchAll(/`(?<label>\w+)`/g)]
        .map((match) => match.groups?.['label'])
        .sort(),
    }));
    const served = metricsOf(text).map(({ name, type }) => {
      const names = samples
        .filter((sample) => [name, `${name}_count`].includes(sample.name))
        .flatMap(({ labels }) => Object.keys(labels));
      // What libuv is doing at the moment may be nothing.
      const isIdle = /^nodejs_active_\w+(?<!_total)$/.test(name);
      return { name, type, labels: isIdle ? ['type'] : [...new Set(names)].sort() };
    });
    const byName = (a: { name: string | undefined }, b: { name: string | undefined }) =>
      String(a.name).localeCompare(String(b.name));
    expect(explained.sort(byName)).toEqual(served.sort(byName));
  });

  it('is named by the conventions: a prefix, base units, and `_total` for counters', () => {
    for (const { name, type } of metricsOf(text).filter((metric) => metric.name.startsWith('hivegate_'))) {
      expect(name).toMatch(/^hivegate_[a-z]+(?:_[a-z]+)*$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(name).not.toMatch(/_(?:ms|milliseconds|kb|mb|percent|minutes)(?:_|$)/);
    }
  });

  it('of the alerting rules is served, with the labels that they read', () => {
    expect(alerts.length).toBe(rules.match(/- alert:/g)?.length);
    expectServed(alerts);
  });

  it('of the dashboard is served, with the labels that it reads', () => {
    expect(targets.length).toBeGreaterThan(20);
    expectServed(targets.map(({ expr }) => expr));
    for (const { expr, legendFormat } of targets) {
      const shown = [...legendFormat.matchAll(/\{\{(?<label>\w+)\}\}/g)].map(
        ({ groups }) => groups?.['label'] ?? '',
      );
      const kept = namesIn(expr).labels;
      if (/\bby\b/.test(expr)) for (const label of shown) expect(kept).toContain(label);
      else expect(ADDED).toEqual(expect.arrayContaining(shown));
    }
    const [instance] = dashboard.templating.list;
    expectServed([
      /^label_values\((?<name>\w+), instance\)$/.exec(instance?.definition ?? '')?.groups?.['name'] ?? '',
    ]);
  });

  it('and every value of a label that they compare with has a form that the service gives it', () => {
    for (const query of [...alerts, ...targets.map(({ expr }) => expr)]) {
      for (const { groups } of query.matchAll(/(?<label>\w+)=(?<text>"[^"]*")/g)) {
        const label = groups?.['label'] ?? '';
        const value = JSON.parse(groups?.['text'] ?? '""') as string;
        if (label === 'job') expect(read('ops/prometheus/prometheus.yml')).toContain(`job_name: ${value}\n`);
        else if (label === 'status') expect(value).toMatch(/^[2-5]\d\d$/);
        else if (label !== 'instance')
          expect(
            samples.some(({ labels }) => labels[label] === value),
            `${label}=${value}`,
          ).toBe(true);
      }
    }
  });

  function expectServed(queries: readonly string[]): void {
    for (const query of queries) {
      const { metrics, labels } = namesIn(query);
      expect(metrics.length, query).toBeGreaterThan(0);
      for (const name of metrics.filter((metric) => !OF_PROMETHEUS.includes(metric))) {
        expect(labelsOf.has(name), `${name} in ${query}`).toBe(true);
        const has = (label: string) => labelsOf.get(name)?.has(label) === true || label === BUCKET;
        expect(
          labels.filter((label) => !has(label)),
          query,
        ).toEqual([]);
      }
    }
  }
});

describe('the files for Grafana and Prometheus', () => {
  it('refer to each other', () => {
    const uid = /uid: (?<uid>\S+)/.exec(read('ops/grafana/provisioning/datasources/prometheus.yml'))
      ?.groups?.['uid'];
    const used = new Set(
      [
        ...read('ops/grafana/dashboards/hivegate.json').matchAll(
          /"type": "prometheus",\s+"uid": "(?<uid>[^"]+)"/g,
        ),
      ].map(({ groups }) => groups?.['uid']),
    );
    expect(used).toEqual(new Set([uid]));
    expect(read('ops/prometheus/prometheus.yml')).toContain('- hivegate.rules.yml\n');
  });
});
