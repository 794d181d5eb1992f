import { authorizationErrors } from '../../authorization/authorization.errors.js';
import { requestErrors } from '../../errors/request.errors.js';
import type { OperationDoc } from '../../openapi/operation.decorator.js';
import { userErrors } from '../../users/users.errors.js';
import { authenticationErrors } from '../authentication.errors.js';
import { RefreshTokenDto, SignInDto } from '../sign-in/sign-in.dto.js';
import { CreateTokenDto } from './create-token.dto.js';
import { IntrospectTokenDto } from './introspection.dto.js';
import { IntrospectionView } from './introspection.view.js';
import { RevokeTokenDto } from './revoke-token.dto.js';
import { RefreshedTokensView, TokenPairView } from './token.view.js';

/** OpenAPI documentation of the operations in tokens.controller.ts. */

/** `Cache-Control` of an introspection: it is outdated as soon as another process is told of a revocation. */
export const INTROSPECTION_CACHE = 'private, max-age=1';

export const signIn: OperationDoc = {
  id: 'signIn',
  summary: 'Sign in',
  description:
    'Starts a session, and returns its access and refresh token. The response is the same for an unknown login, a wrong password, ' +
    'a locked out and a disabled user. Failed logins from sources that the user does not know lock ' +
    'it out there for `LOCKOUT_SECONDS`, once they reach `user.login.maxAttempts`: sign-ins from known sources and open sessions go on. A sign-in beyond `MAX_SESSIONS` revokes the session that was unused for longest.',
  body: SignInDto,
  bodyLimit: 4,
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
    'The access token carries the rights of the refresh token, narrowed to what its user has now. With `REFRESH_ROTATION=on` a new ' +
    'refresh token comes with it, which replaces the one that was sent. If that one is used from another network, or more than 30 ' +
    'seconds after the new one was used, the session is revoked.',
  body: RefreshTokenDto,
  bodyLimit: 16,
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
    'Starts a session. Administrators may create tokens for any user, clients for themselves. Everyone may give only rights that ' +
    'the calling token has and that the user may have. A session that a user creates for itself is revoked with the calling one, ' +
    'and ends no later. One that an administrator creates for another user is revoked when the administrator is disabled, locked, ' +
    'deleted, demoted or has a new password.\n\n' +
    '**What a right is worth.** A client’s token with `UpdateCurrentUser` can set its owner’s password, and sign in with all rights; ' +
    '`REQUIRE_OLD_PASSWORD=true` prevents this. An administrator’s token with `UpdateCurrentUser` or `ManageUser` can change any ' +
    'user, passwords and roles included: it is worth as much as `*`.',
  body: CreateTokenDto,
  examples: {
    'For a script': { userId: 2, actions: ['GetCurrentUser'], label: 'nightly report' },
    'For the devices of network 1, which the user has': {
      userId: 2,
      actions: ['GetDevice', 'CreateDeviceNotification'],
      networkIds: ['1'],
      deviceTypeIds: ['1'],
      label: 'gateway in the hall',
    },
    'With no rights at all': { userId: 2 },
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
    'Revokes the session that an access or refresh token belongs to (RFC 7009), with all of its tokens: a sign-out. An unknown, ' +
    'expired or already revoked token changes nothing, and gets the same response. The body may also be a form ' +
    '(`application/x-www-form-urlencoded`). Other parameters, `token_type_hint` included, are ignored.',
  body: RevokeTokenDto,
  bodyLimit: 16,
  success: { description: 'The token is not valid any more. The body is empty.' },
  errors: [requestErrors.tooManyRequests(1)],
};

export const introspect: OperationDoc = {
  id: 'introspectToken',
  summary: 'Ask what a token may now',
  description:
    'For services that cannot verify tokens themselves, or need the present state (RFC 7662). The caller may ask about the tokens ' +
    'of its own user; an administrator whose token has `ManageToken` or `ManageUser`, about any. Of any other token, and of one that is ' +
    'not valid, the response is `{"active": false}`. A refresh token that has been replaced is not active. The body may also be a ' +
    'form (`application/x-www-form-urlencoded`). Other parameters, `token_type_hint` included, are ignored.',
  body: IntrospectTokenDto,
  success: {
    description: 'The state of the token.',
    type: IntrospectionView,
    headers: {
      'Cache-Control': { description: 'For how long it may be kept.', example: INTROSPECTION_CACHE },
    },
  },
};
