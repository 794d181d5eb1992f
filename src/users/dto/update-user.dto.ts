import { PartialType } from '@nestjs/swagger';
import { CreateUserDto } from './create-user.dto.js';
import { MayBeAbsent, PasswordField } from './user.fields.js';

/** The body of `PUT /user/{id}`: only what is present changes (contract.md §3). */
export class UpdateUserDto extends PartialType(CreateUserDto, { skipNullProperties: false }) {
  @MayBeAbsent()
  @PasswordField('The password until now; must be right when it is present.')
  oldPassword?: string;
}
