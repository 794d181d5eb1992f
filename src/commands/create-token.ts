import { CreateTokenDto } from '../authentication/tokens/create-token.dto.js';
import { createTokenByOperator, type OperatorToken } from '../authentication/tokens/operator-token.js';
import { dialectOf } from '../compatibility/compatibility.js';
import { OperatorError } from '../errors/operator-error.js';
import type { Settings } from '../settings/settings.js';
import { parseTimestamp } from '../text/moment.js';
import { parseArguments, UsageError } from './arguments.js';
import type { ArgumentParser } from './command.js';
import { withDatabase } from './existing-database.js';
import { tell } from './output.js';
import { validateAs } from './validate-as.js';

/** The lifetime of a token without `--expires`, in seconds: 90 days. */
const DEFAULT_LIFETIME = 7_776_000;
/** Seconds of the units of a duration. */
const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };
const DURATION = /^([1-9]\d{0,9})([dhms])$/;

/** The options with lists of rights, by the field of a request that has the same rules. */
const LISTS = { actions: '--actions', networkIds: '--networks', deviceTypeIds: '--device-types' } as const;

/** Creates an access token for a service, which belongs to no administrator. Prints it. */
export const createToken: ArgumentParser = (args) => {
  const { values } = parseArguments(args, {
    options: {
      user: { type: 'string' },
      actions: { type: 'string' },
      networks: { type: 'string' },
      'device-types': { type: 'string' },
      expires: { type: 'string' },
      label: { type: 'string' },
    },
  });
  const login = required('user', values.user);
  const label = required('label', values.label);
  const rights = rightsOf(
    {
      actions: listOf('actions', required('actions', values.actions)),
      networkIds: values.networks === undefined ? undefined : listOf('networks', values.networks),
      deviceTypeIds:
        values['device-types'] === undefined ? undefined : listOf('device-types', values['device-types']),
    },
    label,
  );
  const endOf = expiryOf(values.expires);
  return async (settings) => {
    const expiresAt = endOf(settings);
    const wanted = { login, label, rights, expiresAt };
    const made = await withDatabase(settings, (database) =>
      createTokenByOperator(database, { settings, dialect: dialectOf(settings) }, wanted),
    );
    await tell(describe(made));
    return made.token;
  };
};

function required(name: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`--${name} is missing`);
  if (value.trim() === '') throw new UsageError(`--${name} is empty`);
  return value;
}

function listOf(name: string, text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new UsageError(`--${name} has an empty item`);
  return items;
}

/** Checks rights and the label by the rules of `POST /token/create`. */
function rightsOf(
  lists: Readonly<Record<keyof typeof LISTS, readonly string[] | undefined>>,
  label: string,
): CreateTokenDto {
  try {
    return validateAs(CreateTokenDto, { userId: 1, label, ...lists });
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const message = Object.entries(LISTS).reduce(
      (text, [field, option]) => text.replace(`${field} is not valid`, `${option} is not valid`),
      error.message.replace('label is not valid', '--label is not valid'),
    );
    throw new OperatorError(message);
  }
}

/** Parses `--expires`. Returns what computes the moment, with the settings. */
function expiryOf(text: string | undefined): (settings: Settings) => Date {
  const [, count, unit] = DURATION.exec(text ?? '') ?? [];
  const seconds = count === undefined ? undefined : Number(count) * (UNITS[unit ?? ''] ?? NaN);
  const moment = text === undefined || seconds !== undefined ? undefined : momentOf(text);
  if (text !== undefined && seconds === undefined && moment === undefined)
    throw new UsageError('--expires is no moment such as 2031-01-31T12:00:00Z and no duration such as 90d');
  if (moment && moment.getTime() <= Date.now()) throw new UsageError('--expires has passed');
  return ({ createdTokenMaxTtl }) => {
    const lifetime = seconds ?? Math.min(DEFAULT_LIFETIME, createdTokenMaxTtl);
    const end = moment?.getTime() ?? Date.now() + lifetime * 1000;
    if (end > Date.now() + createdTokenMaxTtl * 1000)
      throw new OperatorError(
        `--expires is later than CREATED_TOKEN_MAX_TTL allows: ${createdTokenMaxTtl} seconds ahead`,
      );
    return new Date(end);
  };
}

const momentOf = (text: string): Date | undefined =>
  parseTimestamp(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);

const describe = ({ user, session, grant }: OperatorToken): string =>
  `A token for ${user.login} (user ${user.id}), until ${session.expiresAt.toISOString()}: ${grant}. ` +
  `DELETE /user/${user.id}/session/${session.id} revokes it`;
