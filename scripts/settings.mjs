// Writes README's table of settings and .env.example from the schema, or with --check says whether they are outdated.
import { readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';
import { SETTINGS_SCHEMA } from '../dist/settings/settings.js';

const README = new URL('../README.md', import.meta.url);
const EXAMPLE = new URL('../.env.example', import.meta.url);
const [BEGIN, END] = ['<!-- settings -->', '<!-- /settings -->'];

const settings = Object.values(SETTINGS_SCHEMA);

const rows = settings.map(
  ({ variable, shownDefault, description }) => `| \`${variable}\` | ${shownDefault} | ${description} |`,
);
const table = ['| variable | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
const readme = readFileSync(README, 'utf8');
const [before, rest = ''] = readme.split(BEGIN);
const after = rest.split(END)[1];
if (after === undefined) throw new Error(`README.md must have ${BEGIN} and ${END}`);
const options = { ...(await prettier.resolveConfig(README)), parser: 'markdown' };
const written = await prettier.format(`${before}${BEGIN}\n\n${table}\n\n${END}${after}`, options);

const example = readFileSync(EXAMPLE, 'utf8');
const head = example.slice(0, example.indexOf('\n\n') + 2);
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`.replaceAll('`', '');
const valueOf = (shownDefault) => /^`(.*)`$/.exec(shownDefault)?.[1] ?? '';
const lines = settings.map(
  ({ variable, shownDefault, description }) =>
    `# ${sentence(description)}\n# ${variable}=${valueOf(shownDefault)}\n`,
);
const outdated = [
  [README, readme, written],
  [EXAMPLE, example, head + lines.join('\n')],
].filter(([, is, should]) => is !== should);
if (process.argv.includes('--check')) {
  for (const [file] of outdated) console.error(`${file.pathname} is outdated: npm run settings`);
  process.exitCode = outdated.length > 0 ? 1 : 0;
} else {
  for (const [file, , should] of outdated) writeFileSync(file, should);
}
