import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  Allow,
  IsBoolean,
  IsIn,
  IsString,
  Length,
  Matches,
  ValidateBy,
  ValidateIf,
  type ValidationOptions,
} from 'class-validator';
import { Role, Status } from '../../authorization/role.js';
import { JsonText } from '../../text/json-text.js';
import { PASSWORD_MAX_LENGTH } from '../../passwords/password-policy.js';

/** The most bytes of `data`, as sent. */
const DATA_MAX_BYTES = 64 * 1024;

const LOGIN_LENGTH = 'Field cannot be empty. The length of login should be from 3 to 128 symbols.';
const LOGIN_ALPHABET =
  'Login can contain only lowercase or uppercase letters, numbers, and some special symbols (_@.)';

/** May be absent, but not null. */
export const MayBeAbsent = () =>
  applyDecorators(
    ValidateIf((_, value) => value !== undefined),
    ApiProperty({ required: false }),
  );

/** `login`: trimmed, 3 to 128 characters of a small alphabet (contract.md §3). */
export const LoginField = () =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value)),
    Length(3, 128, { message: LOGIN_LENGTH }),
    Matches(/^[\w@.-]*$/, { message: LOGIN_ALPHABET }),
    ApiProperty({
      description: 'Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.',
      minLength: 3,
      maxLength: 128,
      pattern: '^[A-Za-z0-9_@.-]+$',
      example: 'ada',
    }),
  );

/** `role`: 0 or 1. */
export const RoleField = () =>
  applyDecorators(
    IsIn([Role.Administrator, Role.Client], { message: 'role must be 0 (administrator) or 1 (client)' }),
    ApiProperty({ description: '0: administrator, 1: client.', type: 'integer', enum: [0, 1], example: 1 }),
  );

/** `status`: 0, 1 or 2. */
export const StatusField = () =>
  applyDecorators(
    IsIn([Status.Active, Status.LockedOut, Status.Disabled], {
      message: 'status must be 0 (active), 1 (locked out) or 2 (disabled)',
    }),
    ApiProperty({
      description: '0: active, 1: locked out, 2: disabled. Only an active user can sign in or use a token.',
      type: 'integer',
      enum: [0, 1, 2],
      example: 0,
    }),
  );

/** `password`: a string here; its length and strength are judged by the password policy. */
export const PasswordField = (description: string) =>
  applyDecorators(
    IsString({ message: ({ property }) => `${property} must be a string` }),
    ApiProperty({
      description,
      format: 'password',
      writeOnly: true,
      maxLength: PASSWORD_MAX_LENGTH,
      example: 'correct horse battery',
    }),
  );

/** `data`: any JSON object up to 64 KiB as sent, or null. Arrives as {@link JsonText}. */
export const DataField = () =>
  applyDecorators(
    // Taken as it arrived: nothing walks through it.
    Transform(({ obj }: { obj: { data?: unknown } }) => obj.data),
    IsDataText(),
    ApiProperty({
      description: 'Any JSON object, at most 64 KiB as sent; comes back as it was sent. `null` clears it.',
      type: 'object',
      additionalProperties: true,
      nullable: true,
      example: { theme: 'dark' },
    }),
  );

function IsDataText(options: ValidationOptions = {}): PropertyDecorator {
  const isObjectText = (value: unknown) =>
    value === null || (value instanceof JsonText && value.text.startsWith('{'));
  return ValidateBy(
    {
      name: 'isData',
      validator: {
        validate: (value: unknown) =>
          isObjectText(value) && (value === null || (value as JsonText).bytes <= DATA_MAX_BYTES),
        defaultMessage: (validation) =>
          isObjectText(validation?.value)
            ? 'data can have at most 64 KiB'
            : 'data must be a JSON object or null',
      },
    },
    options,
  );
}

/** A boolean with a default. */
export const FlagField = (description: string, byDefault: boolean) =>
  applyDecorators(
    IsBoolean({ message: ({ property }) => `${property} must be true or false` }),
    ApiProperty({ description, default: byDefault, example: byDefault }),
  );

/** Accepted and ignored, so that what GET gave can be sent back. */
export const ReadOnlyField = (description: string) =>
  applyDecorators(
    Allow(),
    Transform(() => undefined),
    ApiProperty({ description: `${description} Accepted, and ignored.`, required: false, readOnly: true }),
  );
