import { parseArguments } from '../arguments.js';
import type { UnconfiguredParser } from '../command.js';
import { checkDatabase } from './check-database.js';
import { checkFiles, checkNode, checkOpenFiles } from './check-host.js';
import { checkSettings } from './check-settings.js';
import { checkWebhooks } from './check-webhooks.js';
import { type Diagnosis, error } from './diagnosis.js';

/** Says what is wrong or unwise in the settings, the files, the database and the host. Changes nothing. */
export const doctor: UnconfiguredParser = (args) => {
  const { values } = parseArguments(args, { options: { json: { type: 'boolean' } } });
  const format = values.json === true ? jsonOf : lineOf;
  return async () => {
    const diagnoses = await check();
    if (diagnoses.some(({ level }) => level === 'error')) process.exitCode = 1;
    return diagnoses.map(format).join('\n');
  };
};

async function check(): Promise<readonly Diagnosis[]> {
  const { settings, diagnoses } = checkSettings();
  const ofHost = [checkNode(), checkOpenFiles()];
  if (!settings)
    return [...diagnoses, ...ofHost, error('The database was not checked: first mend the settings')];
  return [
    ...diagnoses,
    ...ofHost,
    ...checkFiles(settings.database),
    ...(await checkDatabase(settings)),
    ...(await checkWebhooks(settings)),
  ];
}

const lineOf = ({ level, message }: Diagnosis) => `${level.padEnd(7)}  ${message}`;
const jsonOf = (diagnosis: Diagnosis) => JSON.stringify(diagnosis);
