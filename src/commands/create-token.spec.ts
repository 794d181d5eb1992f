import { describe, expect, it } from 'vitest';
import { readSettings } from '../settings/read-settings.js';
import { createToken } from './create-token.js';

/** Why arguments are refused: before a database is opened, or by the settings. */
async function refusal(fields: Readonly<Record<string, string | undefined>>): Promise<string> {
  const args = Object.entries({ user: 'root', actions: 'GetNetwork', label: 'x', ...fields }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]),
  );
  try {
    const act = createToken(args);
    await act(readSettings({ DATABASE_URL: 'sqlite:/no/such/file', CREATED_TOKEN_MAX_TTL: '5184000' }));
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the arguments of tokens create', () => {
  it.each<[Record<string, string | undefined>, RegExp]>([
    [{ user: undefined }, /^--user is missing$/],
    [{ actions: undefined }, /^--actions is missing$/],
    [{ label: undefined }, /^--label is missing$/],
    [{ label: ' ' }, /^--label is empty$/],
    [{ label: 'x'.repeat(129) }, /^--label is not valid: /],
    [{ actions: 'Fly' }, /^--actions is not valid: "Fly" is no action$/],
    [{ actions: 'GetNetwork,' }, /^--actions has an empty item$/],
    [{ networks: '1,zero' }, /^--networks is not valid: "zero" is no id$/],
    [{ 'device-types': '0' }, /^--device-types is not valid: "0" is no id$/],
    [{ expires: '90' }, /^--expires is no moment /],
    [{ expires: '0d' }, /^--expires is no moment /],
    [{ expires: '1.5h' }, /^--expires is no moment /],
    [{ expires: '2031-02-30' }, /^--expires is no moment /],
    [{ expires: '2020-01-01' }, /^--expires has passed$/],
    [{ expires: '61d' }, /^--expires is later than CREATED_TOKEN_MAX_TTL allows: 5184000 seconds ahead$/],
    [{ expires: '9999999999d' }, /^--expires is later than /],
    [{ expires: '9999-12-31' }, /^--expires is later than /],
    [{ force: 'x' }, /^argument 4 is no option of this command$/],
  ])('are refused: %j', async (fields, line) => {
    expect(await refusal(fields)).toMatch(line);
  });

  it.each([
    { expires: '60d' },
    { expires: '1s' },
    { networks: '*', 'device-types': '1, 2' },
    { actions: '*' },
  ])('are accepted: %j', async (fields) => {
    expect(await refusal(fields)).toMatch(/no such file|does not exist|there is no/i);
  });
});
