import {
  type CompleteSettings,
  readSettings,
  refuseShortSecret,
  type Settings,
  SettingsError,
} from '../settings/settings.js';
import { refuseWeakKey } from './jwt-key.js';

/** The prefix of the original's API. */
const ORIGINAL_PREFIX = '/dh/rest';

/**
 * Reads the settings of the service and its commands. `COMPATIBILITY` changes the defaults of others, and what
 * `JWT_SECRET` accepts (contract.md §9).
 *
 * @throws {SettingsError} for the first variable that is not valid
 */
export const readServiceSettings = (environment?: NodeJS.ProcessEnv): Settings =>
  readSettings(environment, complete);

const complete: CompleteSettings = (settings, isSet) => {
  if (settings.compatibility === undefined) {
    if (settings.acceptOriginalTokensUntil !== undefined)
      throw new SettingsError('ACCEPT_ORIGINAL_TOKENS_UNTIL is not valid: it needs COMPATIBILITY=devicehive');
    return refuseShortSecret(settings);
  }
  if (settings.refreshRotation)
    throw new SettingsError('REFRESH_ROTATION is not valid: with COMPATIBILITY=devicehive it accepts off');
  if (settings.jwtSecret !== undefined) refuseWeakKey(settings.jwtSecret);
  else if (settings.acceptOriginalTokensUntil !== undefined)
    throw new SettingsError('ACCEPT_ORIGINAL_TOKENS_UNTIL is not valid: it needs JWT_SECRET');
  return {
    ...settings,
    ...(!isSet('apiPrefix') && { apiPrefix: ORIGINAL_PREFIX }),
    ...(!isSet('clientWritableFields') && {
      clientWritableFields: [...settings.clientWritableFields, 'introReviewed'],
    }),
  };
};
