import { createBody, updateBody } from '../fields/request-body.js';
import { USER_FIELDS } from './user.fields.js';

/** The body of `POST /user` (contract.md §3). */
export class CreateUserDto extends createBody(USER_FIELDS) {}

/** The body of `PUT /user/{id}`: only fields that are present change (contract.md §3). */
export class UpdateUserDto extends updateBody(USER_FIELDS) {}
