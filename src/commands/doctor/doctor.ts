import { parseArguments } from '../arguments.js';
import type { UnconfiguredParser } from '../command.js';
import { checkDatabase } from './check-database.js';
import { checkFiles, checkNode, checkOpenFiles } from './check-host.js';
import { checkSettings } from './check-settings.js';
import { error, type Finding } from './finding.js';

/** Says what is wrong or unwise in the settings, the files, the database and the host. Changes nothing. */
export const doctor: UnconfiguredParser = (args) => {
  const { values } = parseArguments(args, { options: { json: { type: 'boolean' } } });
  const format = values.json === true ? jsonOf : lineOf;
  return async () => {
    const findings = await check();
    if (findings.some(({ level }) => level === 'error')) process.exitCode = 1;
    return findings.map(format).join('\n');
  };
};

async function check(): Promise<readonly Finding[]> {
  const { settings, findings } = checkSettings();
  const ofHost = [checkNode(), checkOpenFiles()];
  if (!settings)
    return [...findings, ...ofHost, error('The database was not checked: first mend the settings')];
  return [...findings, ...ofHost, ...checkFiles(settings.database), ...(await checkDatabase(settings))];
}

const lineOf = ({ level, message }: Finding) => `${level.padEnd(7)}  ${message}`;
const jsonOf = (finding: Finding) => JSON.stringify(finding);
