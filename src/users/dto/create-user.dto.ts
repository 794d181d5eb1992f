import type { Role, Status } from '../../authorization/role.js';
import type { JsonText } from '../../text/json-text.js';
import {
  DataField,
  FlagField,
  LoginField,
  MayBeAbsent,
  PasswordField,
  RoleField,
  StatusField,
} from './user.fields.js';
import { ReadOnlyUserFields } from './read-only-user-fields.dto.js';

/** The body of `POST /user` (contract.md §3). */
export class CreateUserDto extends ReadOnlyUserFields {
  @LoginField()
  login!: string;

  @RoleField()
  role!: Role;

  @PasswordField('8 characters or more, as `PASSWORD_MIN_LENGTH` says; not a well-known one, nor the login.')
  password!: string;

  @MayBeAbsent()
  @StatusField()
  status?: Status;

  @MayBeAbsent()
  @DataField()
  data?: JsonText | null;

  @MayBeAbsent()
  @FlagField('Whether the user has seen the introduction.', false)
  introReviewed?: boolean;

  @MayBeAbsent()
  @FlagField('Whether the user reaches every device type.', true)
  allDeviceTypesAvailable?: boolean;
}
