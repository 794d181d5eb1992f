import { requestErrors } from '../../errors/request.errors.js';
import type { OperationDoc } from '../../openapi/operation.decorator.js';
import { userErrors } from '../../users/users.errors.js';
import { SessionView } from './session.view.js';
import { sessionErrors } from './sessions.errors.js';

/** OpenAPI documentation of the operations in sessions.controller.ts. */

const SESSION = '0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10';

/** The path parameter of a session. */
export const SESSION_ID = {
  name: 'sessionId',
  description: 'The id of a session: the `sid` of its tokens.',
  schema: { type: 'string', format: 'uuid' },
  example: SESSION,
} as const;

const INVALID_ID = requestErrors.invalidParameters([
  { field: 'id', message: 'id must be a positive integer' },
]);
const CREATED_CALLER =
  'A token of a created session reaches only that session and those that were created with it.';
const REACH = {
  another: `Administrators: of any user; clients: their own. ${CREATED_CALLER}`,
  own: CREATED_CALLER,
};
const LIST = 'The sessions that are neither expired nor revoked, newest first.';
const REVOKE =
  'Revokes the session, with those that were created with it, for good. This process refuses the tokens at once, every other ' +
  'within a second. Services that verify offline accept the access tokens until they expire.';
const REVOKE_ALL =
  'Revokes all open sessions, for good; with `except=current` all but the calling one and those that it descends from.';

export const list: OperationDoc = {
  id: 'listSessions',
  summary: 'List the sessions of a user',
  description: `${LIST} ${REACH.another}`,
  success: { description: 'The sessions.', type: [SessionView] },
  errors: [INVALID_ID, sessionErrors.unknownAfter(), userErrors.notFound(7)],
};

export const listOwn: OperationDoc = {
  id: 'listOwnSessions',
  summary: 'List one’s own sessions',
  description: `${LIST} ${REACH.own}`,
  success: { description: 'The sessions.', type: [SessionView] },
  errors: [sessionErrors.unknownAfter()],
};

export const revoke: OperationDoc = {
  id: 'revokeSession',
  summary: 'Revoke a session of a user',
  description: `${REVOKE} ${REACH.another}`,
  success: { description: 'The session has been revoked. The body is empty.' },
  errors: [INVALID_ID, sessionErrors.notFound(SESSION), userErrors.notFound(7)],
};

export const revokeOwn: OperationDoc = {
  id: 'revokeOwnSession',
  summary: 'Revoke one of one’s own sessions',
  description: `${REVOKE} ${REACH.own}`,
  success: { description: 'The session has been revoked. The body is empty.' },
  errors: [sessionErrors.notFound(SESSION)],
};

export const revokeAll: OperationDoc = {
  id: 'revokeSessions',
  summary: 'Revoke the sessions of a user',
  description: `${REVOKE_ALL} ${REACH.another}`,
  success: { description: 'The sessions have been revoked. The body is empty.' },
  errors: [INVALID_ID, userErrors.notFound(7)],
};

export const revokeAllOwn: OperationDoc = {
  id: 'revokeOwnSessions',
  summary: 'Revoke one’s own sessions',
  description: `${REVOKE_ALL} ${REACH.own}`,
  success: { description: 'The sessions have been revoked. The body is empty.' },
};
