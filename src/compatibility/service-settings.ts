import {
  type CompleteSettings,
  type Reading,
  readSettings,
  refuseWeakSecret,
} from '../settings/read-settings.js';
import { type Settings, SettingsError } from '../settings/settings.js';
import type { Variables } from '../settings/sources.js';
import { refuseWeakKey, warningOf } from './jwt-key.js';

/** The prefix of the original's API. */
const ORIGINAL_PREFIX = '/dh/rest';

/**
 * Reads the settings of the service and its commands. `COMPATIBILITY` changes the defaults of others, and what
 * `JWT_SECRET` accepts (contract.md §9).
 *
 * @throws {SettingsError} with a line for each variable that is not valid
 */
export const readServiceSettings = (environment?: Variables): Settings => readSettings(environment, complete);

const complete: CompleteSettings = (reading) => {
  const { settings, isSet, isValid, refuse, warn, attempt } = reading;
  const { jwtSecret } = settings;
  if (!isValid('compatibility')) {
    refuseInEitherMode(reading);
    return settings;
  }
  if (settings.compatibility === undefined) {
    if (isSet('acceptOriginalTokensUntil'))
      refuse('acceptOriginalTokensUntil', 'it needs COMPATIBILITY=devicehive');
    refuseWeakSecret(reading);
    return settings;
  }
  if (settings.refreshRotation) refuse('refreshRotation', 'with COMPATIBILITY=devicehive it accepts off');
  if (jwtSecret !== undefined) {
    attempt('jwtSecret', () => {
      refuseWeakKey(jwtSecret);
      const warning = warningOf(jwtSecret);
      if (warning !== undefined) warn(warning);
    });
  } else if (isSet('acceptOriginalTokensUntil') && isValid('jwtSecret')) {
    refuse('acceptOriginalTokensUntil', 'it needs JWT_SECRET');
  }
  return {
    ...settings,
    ...(!isSet('apiPrefix') && { apiPrefix: ORIGINAL_PREFIX }),
    ...(!isSet('clientWritableFields') && {
      clientWritableFields: [...settings.clientWritableFields, 'introReviewed'],
    }),
  };
};

/** `COMPATIBILITY` is wrong itself: refuses what would be wrong with it and without it. */
function refuseInEitherMode(reading: Reading): void {
  const { settings, isSet, isValid, refuse } = reading;
  const { jwtSecret } = settings;
  if (jwtSecret === undefined) {
    if (isSet('acceptOriginalTokensUntil') && isValid('jwtSecret'))
      refuse('acceptOriginalTokensUntil', 'it needs JWT_SECRET');
    return;
  }
  try {
    refuseWeakKey(jwtSecret);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    refuseWeakSecret(reading);
  }
}
