import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';
import { Role } from '../../authorization/role.js';
import type { Field, FieldType } from '../../fields/field.js';
import { isId } from '../../fields/is-id.js';
import { refusalOf } from '../../passwords/stored-hash.js';
import { isStorableText } from '../../text/storable-text.js';
import { USER_FIELDS } from '../../users/user.fields.js';
import { ROLES_BY_NAME, STATUSES_BY_NAME } from '../../users/user-names.js';
import { GREATEST_ID } from '../greatest-id.js';

/** Maximum number of networks, and of device types, of a row. */
const MOST_IDS = 10_000;

/** An id after which the database can give others. */
const importedId: FieldType<number> = {
  validation: [
    ValidateBy({
      name: 'isImportedId',
      validator: {
        validate: (value: unknown) => isId(value) && value <= GREATEST_ID,
        defaultMessage: (validation) => `${validation?.property} must be a positive integer, at most 2^52`,
      },
    }),
  ],
  schema: USER_FIELDS.id.type.schema,
};

/** A hash that a sign-in can verify, or null: the user has no password. */
const passwordHash: FieldType<string | null> = {
  validation: [
    ValidateIf((_, value) => value !== null),
    ValidateBy({
      name: 'isStoredHash',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && refusalIn(value) === undefined,
        defaultMessage: (validation) => {
          const value: unknown = validation?.value;
          if (value === undefined) return 'passwordHash is missing (null: the user has no password)';
          return typeof value === 'string'
            ? `passwordHash is not taken: ${refusalIn(value) ?? ''}`
            : 'passwordHash must be a text or null';
        },
      },
    }),
  ],
  schema: { type: String },
};

/** A salt may be any text: also one that PostgreSQL does not store. */
const refusalIn = (hash: string): string | undefined =>
  isStorableText(hash) ? refusalOf(hash) : 'it holds characters that cannot be stored';

/** The ids of access scopes, each once. */
const idList: FieldType<readonly number[]> = {
  validation: [
    ValidateBy({
      name: 'isIdList',
      validator: {
        validate: (value: unknown) =>
          Array.isArray(value) &&
          value.length <= MOST_IDS &&
          value.every(isId) &&
          new Set(value).size === value.length,
        defaultMessage: (validation) =>
          `${validation?.property} must be a list of ids, each once, at most ${MOST_IDS}`,
      },
    }),
  ],
  schema: { type: Number, isArray: true },
};

/** A type whose values may also have names. */
const named = <V extends number>(type: FieldType<V>, names: ReadonlyMap<string, V>): FieldType<V> => ({
  ...type,
  validation: [
    Transform(({ value }: { value: unknown }) =>
      // In one word, or as `users list` shows it.
      typeof value === 'string' ? (names.get(value.replace(' ', '-')) ?? value) : value,
    ),
    ...type.validation,
  ],
});

const { id, login, role, status, data, introReviewed, allDeviceTypesAvailable, lastLogin } = USER_FIELDS;

/**
 * The fields of a row of `import users`, in the order in which `users export` writes them: those of a user
 * (user.fields.ts) with the same rules, and what only the database knows otherwise.
 */
export const ROW_FIELDS = {
  id: { ...id, type: importedId },
  login,
  passwordHash: {
    type: passwordHash,
    description: 'The hash of the password. Null: the user has none, and cannot sign in until one is set.',
    stored: true,
    writableBy: 'administrators',
    onCreate: 'required',
    shownIn: [],
  },
  role: {
    ...role,
    type: named(role.type, ROLES_BY_NAME),
    onCreate: 'optional',
    default: Role.Client,
  },
  status: { ...status, type: named(status.type, STATUSES_BY_NAME) },
  data,
  introReviewed,
  allDeviceTypesAvailable,
  lastLogin,
  networkIds: {
    type: idList,
    description: 'The networks that are assigned to the user.',
    stored: false,
    writableBy: 'administrators',
    onCreate: 'optional',
    shownIn: [],
  },
  deviceTypeIds: {
    type: idList,
    description: 'The device types that are assigned to the user.',
    stored: false,
    writableBy: 'administrators',
    onCreate: 'optional',
    shownIn: [],
  },
} as const satisfies Readonly<Record<string, Field>>;

/** One of {@link ROW_FIELDS}. */
export type FieldName = keyof typeof ROW_FIELDS;

/** The names of {@link ROW_FIELDS}, in their order. */
export const FIELD_NAMES = Object.keys(ROW_FIELDS) as readonly FieldName[];

/** Whether a name is that of a field. */
export const isFieldName = (name: string): name is FieldName => Object.hasOwn(ROW_FIELDS, name);
