import { createBody, patchBody, updateBody } from '../fields/request-body.js';
import { USER_FIELDS } from './user.fields.js';

/** The body of `POST /user` (contract.md §3). */
export class CreateUserDto extends createBody(USER_FIELDS) {}

/** The body of `PUT /user/{id}`: only fields that are present change (contract.md §3). */
export class UpdateUserDto extends updateBody(USER_FIELDS) {}

/** The body of `PATCH /user/{id}`, a JSON merge patch: as that of `PUT`, but `data` is merged (contract.md §3). */
export class PatchUserDto extends patchBody(USER_FIELDS) {}
