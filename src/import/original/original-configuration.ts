import { LONGEST_NAME, LONGEST_VALUE } from '../../live-configuration/configuration.dto.js';
import { faultOfValue, isSecret } from '../../live-configuration/configuration.service.js';
import { countCharacters } from '../../text/characters.js';
import { type Checked, Findings } from './finding.js';
import type { OriginalDatabase } from './original-database.js';

/** A setting to import. */
export interface SettingToLoad {
  readonly name: string;
  readonly value: string;
  readonly entityVersion: number;
}

/** Reads the configuration of the original. Its secrets are not imported: no secret is kept there (contract.md §8). */
export async function* checkedConfiguration(
  source: OriginalDatabase,
): AsyncGenerator<Checked<SettingToLoad>> {
  interface Row {
    name: string;
    value: string | null;
    entityVersion: string | null;
  }
  const sql = `
    SELECT name, value, to_jsonb(configuration) ->> 'entity_version' AS "entityVersion"
    FROM configuration ORDER BY name`;
  for await (const { name, value, entityVersion } of source.read<Row>(sql)) {
    const findings = new Findings(`configuration ${JSON.stringify(name)}`);
    if (isSecret(name)) {
      findings.note('no secret is kept in the configuration', 'left out');
      findings.isLeftOut = true;
    } else if (countCharacters(name) > LONGEST_NAME || name === '') {
      findings.leaveOut(`its name is not a text of 1 to ${LONGEST_NAME} characters`);
    } else if (value === null || countCharacters(value) > LONGEST_VALUE) {
      findings.leaveOut(`its value is not a text of at most ${LONGEST_VALUE} characters`);
    } else if (faultOfValue(name, value) !== undefined) {
      findings.leaveOut(faultOfValue(name, value) ?? '');
    }
    const version = Number(entityVersion ?? 0);
    const setting = {
      name,
      value: value ?? '',
      entityVersion: Number.isSafeInteger(version) && version >= 0 ? version : 0,
    };
    yield { id: undefined, value: findings.isLeftOut ? undefined : setting, findings: findings.list };
  }
}
