/**
 * Asks the registry for known holes in what runs in production: `npm run audit`.
 *
 * Ends with 0 when there is none, 1 when there is one, 2 when the registry could not be asked: not every mirror
 * answers audits, and "nobody knows" must not look like "nothing is known".
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
