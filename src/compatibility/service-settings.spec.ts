import { describe, expect, it } from 'vitest';
import { SettingsError } from '../settings/settings.js';
import { readServiceSettings } from './service-settings.js';

const SECRET = 'a secret of the right length, with room';
const COMPATIBLE = { COMPATIBILITY: 'devicehive' };

describe('readServiceSettings', () => {
  it('is strict by default, also where a compose file passes an empty variable through', () => {
    for (const environment of [{}, { COMPATIBILITY: '', ACCEPT_ORIGINAL_TOKENS_UNTIL: '' }]) {
      expect(readServiceSettings(environment)).toMatchObject({
        apiPrefix: '',
        clientWritableFields: ['password', 'data'],
        acceptOriginalTokensUntil: undefined,
      });
    }
  });

  it('changes the defaults of the compatible mode, and nothing that is set', () => {
    expect(readServiceSettings(COMPATIBLE)).toMatchObject({
      apiPrefix: '/dh/rest',
      clientWritableFields: ['password', 'data', 'introReviewed'],
    });
    const set = { API_PREFIX: '/v1', CLIENT_WRITABLE_FIELDS: 'data' };
    expect(readServiceSettings({ ...COMPATIBLE, ...set })).toMatchObject({
      apiPrefix: '/v1',
      clientWritableFields: ['data'],
    });
  });

  it.each(['2027-01-31', '2027-01-31T12:00:00Z'])(
    'accepts a moment up to which tokens of the original are: %s',
    (until) => {
      const { acceptOriginalTokensUntil } = readServiceSettings({
        ...COMPATIBLE,
        JWT_SECRET: SECRET,
        ACCEPT_ORIGINAL_TOKENS_UNTIL: until,
      });
      expect(acceptOriginalTokensUntil).toEqual(new Date(until));
    },
  );

  it.each([
    [{ COMPATIBILITY: 'on' }, /^COMPATIBILITY is not valid: it accepts devicehive$/],
    [{ ...COMPATIBLE, REFRESH_ROTATION: 'on' }, /^REFRESH_ROTATION is not valid: .*COMPATIBILITY=devicehive/],
    [
      { ...COMPATIBLE, ACCEPT_ORIGINAL_TOKENS_UNTIL: '2027-01-31' },
      /^ACCEPT_ORIGINAL_TOKENS_UNTIL .*JWT_SECRET$/,
    ],
    [
      { JWT_SECRET: SECRET, ACCEPT_ORIGINAL_TOKENS_UNTIL: '2027-01-31' },
      /^ACCEPT_ORIGINAL_TOKENS_UNTIL .*COMPATIBILITY=devicehive$/,
    ],
    ...['soon', '2027', '2027-13-31', '2027-02-30', '31.1.2027'].map((until): [object, RegExp] => [
      { ...COMPATIBLE, JWT_SECRET: SECRET, ACCEPT_ORIGINAL_TOKENS_UNTIL: until },
      /^ACCEPT_ORIGINAL_TOKENS_UNTIL is not valid: it accepts a date/,
    ]),
  ])('refuses %o', (environment, message) => {
    const read = () => readServiceSettings(environment as NodeJS.ProcessEnv);
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(message);
  });
});
