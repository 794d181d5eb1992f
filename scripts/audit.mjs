/**
 * Asks the registry for known vulnerabilities in the production dependencies: `npm run audit`.
 *
 * Exit code: 0 if there are none, 1 if there are some, 2 if the registry returned no audit. Not every mirror supports
 * audits, and a failed audit must not look like a clean one.
 */
import { spawnSync } from 'node:child_process';

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' });
const report = error ? undefined : parse(stdout);

if (!report?.vulnerabilities || !report.metadata) {
  console.log('audit: the registry could not be asked for known holes');
  process.exitCode = 2;
} else {
  const holes = Object.values(report.vulnerabilities);
  for (const { name, severity, via, range } of holes) {
    const why = via.map((reason) => (typeof reason === 'string' ? `by way of ${reason}` : reason.title));
    console.log(`audit: ${name} ${range}: ${severity}: ${why.join('; ')}`);
  }
  console.log(
    `audit: ${report.metadata.dependencies.prod} packages at run time, ${holes.length} with a known hole`,
  );
  process.exitCode = holes.length === 0 ? 0 : 1;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
