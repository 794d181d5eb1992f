import { requestErrors } from '../errors/request.errors.js';
import { ETAG_HEADER } from '../http/conditional.decorator.js';
import { MERGE_PATCH_TYPES } from '../http/json-content.js';
import type { OperationDoc } from '../openapi/operation.decorator.js';
import { ID_SCHEMA } from '../openapi/schemas.js';
import { CountView } from '../pagination/count.view.js';
import { CreateUserDto, PatchUserDto, UpdateUserDto } from './user.dto.js';
import { ListedUser, PublishedUser, SubmittedUser } from './user.view.js';
import { userErrors } from './users.errors.js';

/** OpenAPI documentation of the operations in users.controller.ts. */

/** The path parameter of a user. */
export const ID = {
  name: 'id',
  description: 'The id of a user.',
  schema: ID_SCHEMA,
  example: 7,
} as const;

const INVALID_PARAMETERS = requestErrors.invalidParameters([
  { field: 'id', message: 'id must be a positive integer' },
]);

export const list: OperationDoc = {
  id: 'listUsers',
  summary: 'List users',
  description:
    'For administrators. Filters, sorts and pages. A page ends after `take` users, or before its body exceeds 8 MiB: then a ' +
    '`Link` header with `rel="next"` announces the next page.',
  success: {
    description: 'The users.',
    type: [ListedUser],
    headers: {
      Link: {
        description: 'The next page, if this one has been cut short.',
        example: '</user?take=100&after=107>; rel="next"',
      },
    },
  },
};

export const count: OperationDoc = {
  id: 'countUsers',
  summary: 'Count users',
  description: 'For administrators. Takes the filters of the list.',
  success: { description: 'How many there are.', type: CountView },
};

export const getCurrent: OperationDoc = {
  id: 'getCurrentUser',
  summary: 'Get oneself',
  description: 'For everyone who is signed in.',
  success: { description: 'The user.', type: PublishedUser, headers: ETAG_HEADER },
};

export const get: OperationDoc = {
  id: 'getUser',
  summary: 'Get a user',
  description:
    'Administrators may get any user, clients themselves. The record of another user needs `ManageUser`.',
  success: { description: 'The user.', type: PublishedUser, headers: ETAG_HEADER },
  errors: [INVALID_PARAMETERS, userErrors.notFound(7)],
};

export const create: OperationDoc = {
  id: 'createUser',
  summary: 'Create a user',
  description: 'For administrators.',
  body: CreateUserDto,
  bodyLimit: 1024,
  examples: {
    'A client': { login: 'ada', role: 1, password: 'correct horse battery', data: { theme: 'dark' } },
    'An administrator': { login: 'grace', role: 0, password: 'nanoseconds in a foot', status: 0 },
  },
  success: {
    description: 'The user has been created.',
    type: SubmittedUser,
    headers: { Location: { description: 'Where the user is.', example: '/user/7' } },
  },
  errors: [
    requestErrors.invalidFields([
      { field: 'password', message: 'Password can contain only from 8 to 128 symbols!' },
    ]),
    requestErrors.invalidFields([{ field: 'password', message: 'Password is too common' }]),
    userErrors.loginTaken(),
  ],
};

const changed: OperationDoc['success'] = {
  description: 'The user has been updated. The body is empty.',
};
const updateErrors = [
  requestErrors.invalidFields([
    { field: 'password', message: 'Password can contain only from 8 to 128 symbols!' },
  ]),
  requestErrors.invalidFields([{ field: 'password', message: 'Password is too common' }]),
  userErrors.wrongOldPassword(),
  userErrors.loginTaken(),
  userErrors.lastAdministrator(),
  userErrors.notFound(7),
  requestErrors.tooManyRequests(900),
  requestErrors.overloaded(),
];
const whoUpdatesWhom =
  'Administrators may update any property of any user, clients only their own `password` and `data`. ';
const whoUpdatesItself =
  'Updates the user whose token it is: an administrator any of its properties, a client its `password` and `data`, and what ' +
  '`CLIENT_WRITABLE_FIELDS` adds. ';
const updateRules =
  'Only the properties that are present change, and one with its current value is no change, so what GET returns can be ' +
  'sent back whole. `null` clears `data`. All or nothing. ' +
  'A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. ' +
  'Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for ' +
  'themselves in that time: then 429.';

export const update: OperationDoc = {
  id: 'updateUser',
  summary: 'Update a user',
  description: whoUpdatesWhom + updateRules,
  body: UpdateUserDto,
  bodyLimit: 1024,
  examples: {
    'As an administrator: any property': {
      login: 'ada.lovelace',
      role: 1,
      status: 0,
      data: { theme: 'light' },
    },
    'As a client: own password and data': { password: 'an even better one', data: { theme: 'dark' } },
  },
  success: changed,
  errors: [INVALID_PARAMETERS, ...updateErrors],
};

export const updateCurrent: OperationDoc = {
  id: 'updateCurrentUser',
  summary: 'Update oneself',
  description: whoUpdatesItself + updateRules,
  body: UpdateUserDto,
  bodyLimit: 1024,
  examples: {
    'As a client: own password and data': {
      password: 'an even better one',
      oldPassword: 'correct horse battery',
      data: { theme: 'dark' },
    },
    'As an administrator: any property': { introReviewed: true, data: null },
  },
  success: changed,
  errors: updateErrors,
};

const patchRules =
  'The same as `PUT`, as a JSON merge patch (RFC 7396; `application/json` is accepted, too): `data` is merged member by member instead of replaced, and `null` ' +
  'removes a member. Members that the patch does not name stay as they are. ';
const patchErrors = [
  requestErrors.invalidFields([{ field: 'data', message: 'data can have at most 64 KiB' }]),
  requestErrors.notJson(MERGE_PATCH_TYPES),
  ...updateErrors,
];
const patchExamples = {
  'One member of `data`': { data: { theme: 'dark' } },
  'Without a member': { data: { theme: null } },
};

export const patch: OperationDoc = {
  id: 'patchUser',
  summary: 'Merge into a user',
  description: patchRules + whoUpdatesWhom + updateRules,
  body: PatchUserDto,
  bodyLimit: 1024,
  examples: patchExamples,
  success: changed,
  errors: [INVALID_PARAMETERS, ...patchErrors],
};

export const patchCurrent: OperationDoc = {
  id: 'patchCurrentUser',
  summary: 'Merge into oneself',
  description: patchRules + whoUpdatesItself + updateRules,
  body: PatchUserDto,
  bodyLimit: 1024,
  examples: patchExamples,
  success: changed,
  errors: patchErrors,
};

export const remove: OperationDoc = {
  id: 'deleteUser',
  summary: 'Delete a user',
  description: 'For administrators. Revokes the sessions of the user, and deletes what is assigned to it.',
  success: { description: 'The user has been deleted. The body is empty.' },
  errors: [
    INVALID_PARAMETERS,
    userErrors.ownRecordDeleted(),
    userErrors.lastAdministrator(),
    userErrors.notFound(7),
  ],
};
