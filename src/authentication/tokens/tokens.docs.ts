import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { requestErrors } from '../../errors/request.errors.js';
import type { OperationDoc } from '../../openapi/operation.decorator.js';
import { userErrors } from '../../users/users.errors.js';
import { authenticationErrors } from '../authentication.errors.js';
import { RefreshTokenDto, SignInDto } from '../sign-in/sign-in.dto.js';
import { CreateTokenDto } from './create-token.dto.js';
import { RevokeTokenDto } from './revoke-token.dto.js';
import { RefreshedTokensView, TokenPairView } from './token.view.js';

/** OpenAPI documentation of the operations in tokens.controller.ts. */

export const signIn: OperationDoc = {
  id: 'signIn',
  summary: 'Sign in',
  description:
    'Returns an access and a refresh token for a login and its password. The response is the same for an unknown login, a wrong password, a ' +
    'locked out and a disabled user. Failed logins are counted, and lock the user out at `user.login.maxAttempts`.',
  body: SignInDto,
  examples: { 'A user': { login: 'ada', password: 'correct horse battery' } },
  success: { description: 'Signed in.', type: TokenPairView },
  errors: [
    authenticationErrors.emptyCredentials(),
    authenticationErrors.invalidCredentials(),
    requestErrors.tooManyRequests(1),
    requestErrors.overloaded(),
  ],
};

export const refresh: OperationDoc = {
  id: 'refreshToken',
  summary: 'Get a new access token',
  description:
    'It carries the rights of the refresh token, narrowed to what its user has now. With `REFRESH_ROTATION=on` a new refresh token ' +
    'comes with it; one that is used again after its successor ends the session.',
  body: RefreshTokenDto,
  success: { description: 'A new access token.', type: RefreshedTokensView },
  errors: [
    authorizationErrors.unauthorized(),
    authenticationErrors.refreshTokenExpired(),
    authenticationErrors.invalidTokenType(),
    requestErrors.tooManyRequests(1),
  ],
};

export const create: OperationDoc = {
  id: 'createToken',
  summary: 'Create tokens with rights that are named',
  description:
    'Starts a session. Administrators may create tokens for any user, clients for themselves; all of them only with rights that ' +
    'their own token has and that the user may have. What a user creates for itself ends with the calling session. ' +
    'Mind what a right is worth: with `UpdateCurrentUser` a token can set its owner’s password, and an administrator’s with ' +
    '`UpdateCurrentUser` or `ManageUser` can change any user, passwords and roles included, so it equals `*`. ' +
    '`REQUIRE_OLD_PASSWORD=true` closes the first.',
  body: CreateTokenDto,
  examples: {
    'For a device of network 1': {
      userId: 7,
      actions: ['GetDevice', 'CreateDeviceNotification'],
      networkIds: ['1'],
      deviceTypeIds: ['*'],
    },
    'With no rights at all': { userId: 7 },
  },
  success: { description: 'The tokens.', type: TokenPairView },
  errors: [
    requestErrors.invalidFields([{ field: 'actions', message: '"Fly" is no action' }]),
    authenticationErrors.userNotActive(),
    userErrors.notFound(7),
    requestErrors.tooManyRequests(1),
  ],
};

export const revoke: OperationDoc = {
  id: 'revokeToken',
  summary: 'Revoke the session of a token',
  description:
    'Ends the session that an access or refresh token belongs to (RFC 7009). An unknown, expired or already revoked token changes ' +
    'nothing, and gets the same response. JSON or a form; other parameters are ignored.',
  body: RevokeTokenDto,
  success: { description: 'The token is not valid any more. The body is empty.' },
  errors: [requestErrors.tooManyRequests(1)],
};
