import { Transform } from 'class-transformer';
import { IsString, Length, Matches } from 'class-validator';
import { Column } from 'typeorm';
import { scopeListField } from '../access-scopes/scope.view.js';
import { type Role, ROLE_SCHEMA } from '../authorization/role.js';
import type { Field, FieldType } from '../fields/field.js';
import { flag, id, jsonObjectOrNull, momentOrNull, oneOf } from '../fields/field-types.js';
import { PASSWORD_MAX_LENGTH } from '../passwords/password-policy.js';
import { WellFormed } from '../text/well-formed.js';
import { STATUS_SCHEMA, UserStatus } from './user-status.js';

/** Maximum size of `data` in bytes, as sent. */
export const DATA_MAX_BYTES = 64 * 1024;

/** The views of a user: `GET /user`; `GET /user/{id}` and `/user/current`; the response of `POST /user`. */
export type UserViewName = 'listed' | 'published' | 'submitted';

/** White space that the document does not allow around a login, such as a no-break space: it stays, and is refused. */
const OTHER_SPACE = /[^\S \t\n\r]/;

const trimLogin = (text: string): string => (OTHER_SPACE.test(text) ? text : text.trim());

/** 3 to 128 characters of a small alphabet, trimmed. */
const login: FieldType<string> = {
  validation: [
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? trimLogin(value) : value)),
    Length(3, 128, {
      message: 'Field cannot be empty. The length of login should be from 3 to 128 symbols.',
    }),
    Matches(/^[\w@.-]*$/, {
      message:
        'Login can contain only lowercase or uppercase letters, numbers, and some special symbols (_@.)',
    }),
  ],
  schema: { type: String },
  requestSchema: { pattern: String.raw`^[ \t\n\r]*[A-Za-z0-9_@.-]{3,128}[ \t\n\r]*$` },
  column: (name) => Column('text', { name }),
  // Its case counts.
  isStored: (sent, stored) => typeof sent === 'string' && trimLogin(sent) === stored,
};

/** Well-formed Unicode, of which no length is asked: it is compared with what is stored. */
const oldPassword: FieldType<string> = {
  validation: [IsString({ message: ({ property }) => `${property} must be a string` }), WellFormed()],
  schema: { type: String, format: 'password' },
};

/**
 * The password policy judges its length and strength. Only a hash is stored. The document has `PASSWORD_MIN_LENGTH` in the
 * place of the least length here.
 */
const password: FieldType<string> = {
  ...oldPassword,
  requestSchema: { minLength: 8, maxLength: PASSWORD_MAX_LENGTH },
};

/**
 * Every field of a user, declared once (contract.md §3): its type and validation, its column, who may write it, the
 * views that show it, its default in a new user and its description.
 *
 * The DTOs (user.dto.ts), views (user.view.ts), policy (user.policy.ts) and columns (user.entity.ts) are derived from
 * this, and the OpenAPI document and the backup from those. What is not declared writable is denied. Responses show
 * the fields in this order: add a new one before `networks`.
 */
export const USER_FIELDS = {
  id: {
    type: id(),
    description: 'The id of the user.',
    example: 7,
    stored: true,
    writableBy: 'nobody',
    onCreate: 'optional',
    shownIn: ['listed', 'published', 'submitted'],
  },
  login: {
    type: login,
    description: 'Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.',
    example: 'ada',
    stored: true,
    writableBy: 'administrators',
    onCreate: 'required',
    shownIn: ['listed', 'published'],
  },
  role: {
    type: oneOf<Role>(ROLE_SCHEMA, 'role must be 0 (administrator) or 1 (client)'),
    description: ROLE_SCHEMA.description,
    example: 1,
    stored: true,
    writableBy: 'administrators',
    onCreate: 'required',
    shownIn: ['listed', 'published'],
  },
  password: {
    type: password,
    description: '`PASSWORD_MIN_LENGTH` (8) characters or more; not a well-known one, nor the login.',
    example: 'correct horse battery',
    stored: false,
    writableBy: 'clients',
    onCreate: 'required',
    shownIn: [],
  },
  status: {
    type: oneOf<UserStatus>(STATUS_SCHEMA, 'status must be 0 (active), 1 (locked out) or 2 (disabled)'),
    description: STATUS_SCHEMA.description,
    example: 0,
    stored: true,
    writableBy: 'administrators',
    onCreate: 'optional',
    default: UserStatus.Active,
    shownIn: ['listed', 'published'],
  },
  lastLogin: {
    type: momentOrNull(),
    description: 'The last sign-in or refresh.',
    example: '2026-01-31T12:00:00.000Z',
    stored: true,
    writableBy: 'nobody',
    onCreate: 'optional',
    shownIn: ['listed', 'published', 'submitted'],
  },
  data: {
    type: jsonObjectOrNull(DATA_MAX_BYTES, (id) => `The data of user ${id}`),
    description:
      'Any JSON object, at most 64 KiB as sent; returned exactly as it was sent. `null` clears it.',
    example: { theme: 'dark' },
    stored: true,
    writableBy: 'clients',
    onCreate: 'optional',
    default: null,
    shownIn: ['listed', 'published', 'submitted'],
  },
  introReviewed: {
    type: flag(),
    description: 'Whether the user has seen the introduction.',
    example: false,
    stored: true,
    writableBy: 'clients',
    onCreate: 'optional',
    default: false,
    shownIn: ['listed', 'published', 'submitted'],
  },
  allDeviceTypesAvailable: {
    type: flag(),
    description: 'Whether the user has access to every device type.',
    example: true,
    stored: true,
    writableBy: 'administrators',
    onCreate: 'optional',
    default: true,
    shownIn: ['listed', 'published', 'submitted'],
  },
  oldPassword: {
    type: oldPassword,
    description:
      'The current password; must be correct when it is present. `REQUIRE_OLD_PASSWORD=true`: must come with one’s own new `password`.',
    example: 'correct horse battery',
    stored: false,
    // As `password`: who may change the password may prove the old one (user.policy.ts).
    writableBy: 'clients',
    onCreate: 'unknown',
    shownIn: [],
  },
  networks: {
    type: scopeListField(),
    description: 'The networks that are assigned to the user.',
    stored: false,
    writableBy: 'nobody',
    onCreate: 'optional',
    shownIn: ['published'],
  },
} as const satisfies Readonly<Record<string, Field<unknown, unknown, UserViewName>>>;
