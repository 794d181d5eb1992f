// Made from openapi/openapi.json by `npm run client:types`. Do not edit.
export interface paths {
  '/event': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List events
     * @description For administrators. Changes, sign-ins and failed sign-ins as CloudEvents, oldest first. To follow them, ask again with the last `id` as `after`: every event is seen exactly once, in the order of commits. An event never changes. Failed sign-ins, and updates of `data` by the user itself, are counted: the first of a period is an event at once, the others are one more at its end, with `count`. The page after a full one is announced by a `Link` header with `rel="next"`.
     */
    get: operations['listEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/network': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List networks
     * @description Everyone sees what both the user and its token reach. A `Link` header with `rel="next"` announces the next page.
     */
    get: operations['listNetworks'];
    put?: never;
    /**
     * Create a network
     * @description For administrators.
     */
    post: operations['createNetwork'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/network/count': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Count networks
     * @description Everyone sees what both the user and its token reach. Takes the filters of the list.
     */
    get: operations['countNetworks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/network/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a network
     * @description Everyone sees what both the user and its token reach.
     */
    get: operations['getNetwork'];
    /**
     * Update a network
     * @description For administrators. Only the properties that are present change.
     */
    put: operations['updateNetwork'];
    post?: never;
    /**
     * Delete a network
     * @description For administrators. Its assignments go with it.
     */
    delete: operations['deleteNetwork'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/devicetype': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List device types
     * @description Everyone sees what both the user and its token reach. A `Link` header with `rel="next"` announces the next page.
     */
    get: operations['listDeviceTypes'];
    put?: never;
    /**
     * Create a device type
     * @description For administrators.
     */
    post: operations['createDeviceType'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/devicetype/count': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Count device types
     * @description Everyone sees what both the user and its token reach. Takes the filters of the list.
     */
    get: operations['countDeviceTypes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/devicetype/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a device type
     * @description Everyone sees what both the user and its token reach.
     */
    get: operations['getDeviceType'];
    /**
     * Update a device type
     * @description For administrators. Only the properties that are present change.
     */
    put: operations['updateDeviceType'];
    post?: never;
    /**
     * Delete a device type
     * @description For administrators. Its assignments go with it.
     */
    delete: operations['deleteDeviceType'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List users
     * @description For administrators. Filters, sorts and pages. A page ends after `take` users, or before its body exceeds 8 MiB: then a `Link` header with `rel="next"` announces the next page.
     */
    get: operations['listUsers'];
    put?: never;
    /**
     * Create a user
     * @description For administrators.
     */
    post: operations['createUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/count': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Count users
     * @description For administrators. Takes the filters of the list.
     */
    get: operations['countUsers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/current': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get oneself
     * @description For everyone who is signed in.
     */
    get: operations['getCurrentUser'];
    /**
     * Update oneself
     * @description Administrators may update any property of any user, clients only their own `password` and `data`. Only the properties that are present change, and one with its current value is no change, so what GET returns can be sent back whole. `null` clears `data`. All or nothing. A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for themselves in that time: then 429.
     */
    put: operations['updateCurrentUser'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Merge into oneself
     * @description The same as `PUT`, as a JSON merge patch (RFC 7396): `data` is merged member by member instead of replaced, and `null` removes a member. Members that the patch does not name stay as they are. Administrators may update any property of any user, clients only their own `password` and `data`. Only the properties that are present change, and one with its current value is no change, so what GET returns can be sent back whole. `null` clears `data`. All or nothing. A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for themselves in that time: then 429.
     */
    patch: operations['patchCurrentUser'];
    trace?: never;
  };
  '/user/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a user
     * @description Administrators may get any user, clients themselves. The record of another user needs `ManageUser`.
     */
    get: operations['getUser'];
    /**
     * Update a user
     * @description Administrators may update any property of any user, clients only their own `password` and `data`. Only the properties that are present change, and one with its current value is no change, so what GET returns can be sent back whole. `null` clears `data`. All or nothing. A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for themselves in that time: then 429.
     */
    put: operations['updateUser'];
    post?: never;
    /**
     * Delete a user
     * @description For administrators. Revokes the sessions of the user, and deletes what is assigned to it.
     */
    delete: operations['deleteUser'];
    options?: never;
    head?: never;
    /**
     * Merge into a user
     * @description The same as `PUT`, as a JSON merge patch (RFC 7396): `data` is merged member by member instead of replaced, and `null` removes a member. Members that the patch does not name stay as they are. Administrators may update any property of any user, clients only their own `password` and `data`. Only the properties that are present change, and one with its current value is no change, so what GET returns can be sent back whole. `null` clears `data`. All or nothing. A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for themselves in that time: then 429.
     */
    patch: operations['patchUser'];
    trace?: never;
  };
  '/user/{id}/network/{networkId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a network of a user
     * @description Administrators may ask for any user, clients for themselves.
     */
    get: operations['getUserNetwork'];
    /**
     * Assign a network to a user
     * @description For administrators. Assigning it again changes nothing.
     */
    put: operations['assignNetwork'];
    post?: never;
    /**
     * Take a network from a user
     * @description For administrators. Taking it again changes nothing.
     */
    delete: operations['unassignNetwork'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/{id}/devicetype': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the device types of a user
     * @description For administrators. All of them where the user has all.
     */
    get: operations['listUserDeviceTypes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/{id}/devicetype/all': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Give a user all device types
     * @description For administrators. Those to come as well; what is assigned one by one is kept for later.
     */
    put: operations['assignAllDeviceTypes'];
    post?: never;
    /**
     * Leave a user the device types that are assigned to it
     * @description For administrators.
     */
    delete: operations['unassignAllDeviceTypes'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/{id}/devicetype/{deviceTypeId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a device type of a user
     * @description Administrators may ask for any user, clients for themselves.
     */
    get: operations['getUserDeviceType'];
    /**
     * Assign a device type to a user
     * @description For administrators. Assigning it again changes nothing.
     */
    put: operations['assignDeviceType'];
    post?: never;
    /**
     * Take a device type from a user
     * @description For administrators. Taking it again changes nothing.
     */
    delete: operations['unassignDeviceType'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/token': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign in
     * @description Starts a session, and returns its access and refresh token. The response is the same for an unknown login, a wrong password, a locked out and a disabled user. Failed logins from sources that the user does not know lock it out there for `LOCKOUT_SECONDS`, once they reach `user.login.maxAttempts`: sign-ins from known sources and open sessions go on. A sign-in beyond `MAX_SESSIONS` revokes the session that was unused for longest.
     */
    post: operations['signIn'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/token/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Get a new access token
     * @description The access token carries the rights of the refresh token, narrowed to what its user has now. With `REFRESH_ROTATION=on` a new refresh token comes with it, which replaces the one that was sent. If that one is used from another network, or more than 30 seconds after the new one was used, the session is revoked.
     */
    post: operations['refreshToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/token/create': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create tokens with rights that are named
     * @description Starts a session. Administrators may create tokens for any user, clients for themselves. Everyone may give only rights that the calling token has and that the user may have. A session that a user creates for itself is revoked with the calling one, and ends no later. One that an administrator creates for another user is revoked when the administrator is disabled, locked, deleted, demoted or has a new password.
     *
     *     **What a right is worth.** A client’s token with `UpdateCurrentUser` can set its owner’s password, and sign in with all rights; `REQUIRE_OLD_PASSWORD=true` prevents this. An administrator’s token with `UpdateCurrentUser` or `ManageUser` can change any user, passwords and roles included: it is worth as much as `*`.
     */
    post: operations['createToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/token/revoke': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Revoke the session of a token
     * @description Revokes the session that an access or refresh token belongs to (RFC 7009), with all of its tokens: a sign-out. An unknown, expired or already revoked token changes nothing, and gets the same response. The body may also be a form (`application/x-www-form-urlencoded`). Other parameters, `token_type_hint` included, are ignored.
     */
    post: operations['revokeToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/current/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List one’s own sessions
     * @description The sessions that are neither expired nor revoked, newest first. A token of a created session reaches only that session and those that were created with it.
     */
    get: operations['listOwnSessions'];
    put?: never;
    post?: never;
    /**
     * Revoke one’s own sessions
     * @description Revokes all open sessions, for good; with `except=current` all but the calling one and those that it descends from. A token of a created session reaches only that session and those that were created with it.
     */
    delete: operations['revokeOwnSessions'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/{id}/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the sessions of a user
     * @description The sessions that are neither expired nor revoked, newest first. Administrators: of any user; clients: their own. A token of a created session reaches only that session and those that were created with it.
     */
    get: operations['listSessions'];
    put?: never;
    post?: never;
    /**
     * Revoke the sessions of a user
     * @description Revokes all open sessions, for good; with `except=current` all but the calling one and those that it descends from. Administrators: of any user; clients: their own. A token of a created session reaches only that session and those that were created with it.
     */
    delete: operations['revokeSessions'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/current/session/{sessionId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke one of one’s own sessions
     * @description Revokes the session, with those that were created with it, for good. This process refuses the tokens at once, every other within a second. Services that verify offline accept the access tokens until they expire. A token of a created session reaches only that session and those that were created with it.
     */
    delete: operations['revokeOwnSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/user/{id}/session/{sessionId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke a session of a user
     * @description Revokes the session, with those that were created with it, for good. This process refuses the tokens at once, every other within a second. Services that verify offline accept the access tokens until they expire. Administrators: of any user; clients: their own. A token of a created session reaches only that session and those that were created with it.
     */
    delete: operations['revokeSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/.well-known/jwks.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the public keys
     * @description With these any service can verify access tokens offline (RFC 7517). Refresh tokens have another key, which is not published. Empty if `JWT_SECRET` is set.
     */
    get: operations['getJwks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/configuration/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a setting
     * @description For administrators.
     */
    get: operations['getConfiguration'];
    /**
     * Set a setting
     * @description For administrators. `user.login.maxAttempts` is read live by the lockout. No secret is kept here.
     */
    put: operations['setConfiguration'];
    post?: never;
    /**
     * Delete a setting
     * @description For administrators. What it sets is then as by default.
     */
    delete: operations['deleteConfiguration'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/info': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get what clients ask first
     * @description The version, the time, and where the web socket server is.
     */
    get: operations['getInfo'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/info/cache': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get what is known of the caches
     * @description A text for people.
     */
    get: operations['getCacheInfo'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether the process responds
     * @description Restart a process that does not.
     */
    get: operations['getLiveness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Whether requests should be sent here
     * @description Asks the database. While the service shuts down, the response is 503.
     */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    FieldErrorSchema: {
      /**
       * @description The property or parameter at fault.
       * @example login
       */
      field: string;
      /**
       * @description What is wrong with it.
       * @example Field cannot be empty.
       */
      message: string;
    };
    ErrorSchema: {
      /**
       * @description The HTTP status, again.
       * @example 403
       */
      error: number;
      /**
       * @description What went wrong.
       * @example Access is denied
       */
      message: string;
      /** @description Each field at fault. */
      details?: components['schemas']['FieldErrorSchema'][];
    };
    NumberChangeView: {
      /**
       * @description The value before.
       * @example 1
       */
      old: number;
      /**
       * @description The value after.
       * @example 0
       */
      new: number;
    };
    FlagChangeView: {
      /**
       * @description The value before.
       * @example true
       */
      old: boolean;
      /**
       * @description The value after.
       * @example false
       */
      new: boolean;
    };
    EventChangesView: {
      /** @description The role. */
      role?: components['schemas']['NumberChangeView'];
      /** @description The status. */
      status?: components['schemas']['NumberChangeView'];
      /** @description Whether the user has all device types. */
      allDeviceTypesAvailable?: components['schemas']['FlagChangeView'];
    };
    EventDataView: {
      /**
       * @description The id of the user who made the change; null: the service itself, or a command.
       * @example 1
       */
      actor: number | null;
      /**
       * @description The session of the request.
       * @example 5d6a0a1e-3b1c-4c53-9a52-8d0b7d3d6a10
       */
      session: string | null;
      /**
       * @description The administrator who created the session of the request for the actor.
       * @example 1
       */
      sessionCreatedBy?: number;
      /**
       * @description The address that the request came from.
       * @example 203.0.113.7
       */
      address: string | null;
      /**
       * @description The `X-Request-Id` of the request.
       * @example b0a4f2f0-6f7b-4a0e-9a0c-0d8f7d2f5b11
       */
      requestId: string | null;
      /**
       * @description The operator's command.
       * @example keys rotate
       */
      command?: string;
      /**
       * @description The names of the fields that changed.
       * @example [
       *       "login",
       *       "role"
       *     ]
       */
      fields?: string[];
      /** @description The values before and after, of those properties that events show. */
      changes?: components['schemas']['EventChangesView'];
      /**
       * @description How many occurrences this event stands for, after the first of its period, which was an event of its own. `time` and the other members are those of the last one.
       * @example 12
       */
      count?: number;
      /**
       * Format: date-time
       * @description When the lockout expires.
       * @example 2026-01-31T12:15:00.000Z
       */
      until?: string;
      /**
       * @description The session that was created or revoked.
       * @example 5d6a0a1e-3b1c-4c53-9a52-8d0b7d3d6a10
       */
      sessionId?: string;
      /**
       * @description Why the session was revoked.
       * @example request
       * @enum {string}
       */
      reason?:
        | 'request'
        | 'command'
        | 'newPassword'
        | 'disabled'
        | 'locked'
        | 'deleted'
        | 'demoted'
        | 'tooMany'
        | 'refreshTokenReused';
      /**
       * @description The administrator who created, for the user of `subject`, the session that was revoked.
       * @example 1
       */
      createdBy?: number;
      /**
       * @description The source that an operator made known to the user of `subject`.
       * @example 203.0.113.7
       */
      knownSource?: string;
      /**
       * @description The network that was assigned or taken.
       * @example 2
       */
      networkId?: number;
      /**
       * @description The device type that was assigned or taken.
       * @example 2
       */
      deviceTypeId?: number;
    };
    EventView: {
      /**
       * @description The version of CloudEvents.
       * @example 1.0
       * @enum {string}
       */
      specversion: '1.0';
      /**
       * @description Unique; what `after` takes.
       * @example 1042
       */
      id: string;
      /**
       * Format: uri-reference
       * @description `JWT_ISSUER`, as a URI reference.
       * @example hivegate
       */
      source: string;
      /**
       * @description What happened.
       * @example hivegate.user.updated
       * @enum {string}
       */
      type:
        | 'hivegate.user.created'
        | 'hivegate.user.updated'
        | 'hivegate.user.deleted'
        | 'hivegate.user.lockedOut'
        | 'hivegate.user.unlocked'
        | 'hivegate.user.sourceAdded'
        | 'hivegate.session.created'
        | 'hivegate.session.revoked'
        | 'hivegate.signIn.succeeded'
        | 'hivegate.signIn.failed'
        | 'hivegate.network.created'
        | 'hivegate.network.updated'
        | 'hivegate.network.deleted'
        | 'hivegate.deviceType.created'
        | 'hivegate.deviceType.updated'
        | 'hivegate.deviceType.deleted'
        | 'hivegate.assignment.created'
        | 'hivegate.assignment.changed'
        | 'hivegate.assignment.deleted'
        | 'hivegate.configuration.set'
        | 'hivegate.configuration.deleted'
        | 'hivegate.key.created'
        | 'hivegate.key.revoked'
        | 'hivegate.service.restored';
      /**
       * @description What it happened to.
       * @example user/7
       */
      subject: string;
      /**
       * Format: date-time
       * @description When it happened.
       * @example 2026-01-31T12:00:00.000Z
       */
      time: string;
      /**
       * @description The format of `data`.
       * @example application/json
       * @enum {string}
       */
      datacontenttype: 'application/json';
      /** @description Who did it, from where, and what changed. */
      data: components['schemas']['EventDataView'];
    };
    ScopeView: {
      /** @example 1 */
      id: number;
      /**
       * @description Unique among its kind.
       * @example Default network
       */
      name: string;
      /**
       * @description What it is for.
       * @example null
       */
      description: string | null;
    };
    CountView: {
      /** @example 1 */
      count: number;
    };
    CreateScopeDto: {
      /** @description Accepted, and ignored. */
      readonly id?: Record<string, never>;
      /**
       * @description Unique.
       * @example Ground floor
       */
      name: string;
      /**
       * @description `null` clears it.
       * @example Everything on the ground floor
       */
      description?: string | null;
    };
    CreatedScopeView: {
      /** @example 2 */
      id: number;
    };
    UpdateScopeDto: {
      /** @description Accepted, and ignored. */
      readonly id?: Record<string, never>;
      /**
       * @description Unique.
       * @example Ground floor
       */
      name?: string;
      /**
       * @description `null` clears it.
       * @example Everything on the ground floor
       */
      description?: string | null;
    };
    ListedUser: {
      /**
       * @description The id of the user.
       * @example 7
       */
      id: number;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login: string;
      /**
       * @description 0: administrator, 1: client.
       * @example 1
       * @enum {integer}
       */
      role: 0 | 1;
      /**
       * @description 0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked.
       * @example 0
       * @enum {integer}
       */
      status: 0 | 1 | 2;
      /**
       * Format: date-time
       * @description The last sign-in or refresh.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastLogin: string | null;
      /**
       * @description Any JSON object, at most 64 KiB as sent; returned exactly as it was sent. `null` clears it.
       * @example {
       *       "theme": "dark"
       *     }
       */
      data: {
        [key: string]: unknown;
      } | null;
      /**
       * @description Whether the user has seen the introduction.
       * @example false
       */
      introReviewed: boolean;
      /**
       * @description Whether the user has access to every device type.
       * @example true
       */
      allDeviceTypesAvailable: boolean;
    };
    PublishedUser: {
      /**
       * @description The id of the user.
       * @example 7
       */
      id: number;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login: string;
      /**
       * @description 0: administrator, 1: client.
       * @example 1
       * @enum {integer}
       */
      role: 0 | 1;
      /**
       * @description 0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked.
       * @example 0
       * @enum {integer}
       */
      status: 0 | 1 | 2;
      /**
       * Format: date-time
       * @description The last sign-in or refresh.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastLogin: string | null;
      /**
       * @description Any JSON object, at most 64 KiB as sent; returned exactly as it was sent. `null` clears it.
       * @example {
       *       "theme": "dark"
       *     }
       */
      data: {
        [key: string]: unknown;
      } | null;
      /**
       * @description Whether the user has seen the introduction.
       * @example false
       */
      introReviewed: boolean;
      /**
       * @description Whether the user has access to every device type.
       * @example true
       */
      allDeviceTypesAvailable: boolean;
      /** @description The networks that are assigned to the user. */
      networks: components['schemas']['ScopeView'][];
    };
    CreateUserDto: {
      /** @description The id of the user. Accepted, and ignored. */
      readonly id?: Record<string, never>;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login: string;
      /**
       * @description 0: administrator, 1: client.
       * @example 1
       * @enum {integer}
       */
      role: 0 | 1;
      /**
       * Format: password
       * @description `PASSWORD_MIN_LENGTH` (8) characters or more; not a well-known one, nor the login.
       * @example correct horse battery
       */
      password: string;
      /**
       * @description 0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked.
       * @default 0
       * @example 0
       * @enum {integer}
       */
      status?: 0 | 1 | 2;
      /** @description The last sign-in or refresh. Accepted, and ignored. */
      readonly lastLogin?: Record<string, never>;
      /**
       * @description Any JSON object, at most 64 KiB as sent; returned exactly as it was sent. `null` clears it.
       * @example {
       *       "theme": "dark"
       *     }
       */
      data?: {
        [key: string]: unknown;
      } | null;
      /**
       * @description Whether the user has seen the introduction.
       * @default false
       * @example false
       */
      introReviewed?: boolean;
      /**
       * @description Whether the user has access to every device type.
       * @default true
       * @example true
       */
      allDeviceTypesAvailable?: boolean;
      /** @description The networks that are assigned to the user. Accepted, and ignored. */
      readonly networks?: Record<string, never>;
    };
    SubmittedUser: {
      /**
       * @description The id of the user.
       * @example 7
       */
      id: number;
      /**
       * Format: date-time
       * @description The last sign-in or refresh.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastLogin: string | null;
      /**
       * @description Any JSON object, at most 64 KiB as sent; returned exactly as it was sent. `null` clears it.
       * @example {
       *       "theme": "dark"
       *     }
       */
      data: {
        [key: string]: unknown;
      } | null;
      /**
       * @description Whether the user has seen the introduction.
       * @example false
       */
      introReviewed: boolean;
      /**
       * @description Whether the user has access to every device type.
       * @example true
       */
      allDeviceTypesAvailable: boolean;
    };
    UpdateUserDto: {
      /** @description The id of the user. Accepted, and ignored. */
      readonly id?: Record<string, never>;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login?: string;
      /**
       * @description 0: administrator, 1: client.
       * @example 1
       * @enum {integer}
       */
      role?: 0 | 1;
      /**
       * Format: password
       * @description `PASSWORD_MIN_LENGTH` (8) characters or more; not a well-known one, nor the login.
       * @example correct horse battery
       */
      password?: string;
      /**
       * @description 0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked.
       * @example 0
       * @enum {integer}
       */
      status?: 0 | 1 | 2;
      /** @description The last sign-in or refresh. Accepted, and ignored. */
      readonly lastLogin?: Record<string, never>;
      /**
       * @description Any JSON object, at most 64 KiB as sent; returned exactly as it was sent. `null` clears it.
       * @example {
       *       "theme": "dark"
       *     }
       */
      data?: {
        [key: string]: unknown;
      } | null;
      /**
       * @description Whether the user has seen the introduction.
       * @example false
       */
      introReviewed?: boolean;
      /**
       * @description Whether the user has access to every device type.
       * @example true
       */
      allDeviceTypesAvailable?: boolean;
      /**
       * Format: password
       * @description The current password; must be correct when it is present. `REQUIRE_OLD_PASSWORD=true`: must come with one’s own new `password`.
       * @example correct horse battery
       */
      oldPassword?: string;
      /** @description The networks that are assigned to the user. Accepted, and ignored. */
      readonly networks?: Record<string, never>;
    };
    PatchUserDto: {
      /** @description The id of the user. Accepted, and ignored. */
      readonly id?: Record<string, never>;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login?: string;
      /**
       * @description 0: administrator, 1: client.
       * @example 1
       * @enum {integer}
       */
      role?: 0 | 1;
      /**
       * Format: password
       * @description `PASSWORD_MIN_LENGTH` (8) characters or more; not a well-known one, nor the login.
       * @example correct horse battery
       */
      password?: string;
      /**
       * @description 0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked.
       * @example 0
       * @enum {integer}
       */
      status?: 0 | 1 | 2;
      /** @description The last sign-in or refresh. Accepted, and ignored. */
      readonly lastLogin?: Record<string, never>;
      /**
       * @description Any JSON object, at most 64 KiB as sent; returned exactly as it was sent. `null` clears it.
       * @example {
       *       "theme": "dark"
       *     }
       */
      data?: {
        [key: string]: unknown;
      } | null;
      /**
       * @description Whether the user has seen the introduction.
       * @example false
       */
      introReviewed?: boolean;
      /**
       * @description Whether the user has access to every device type.
       * @example true
       */
      allDeviceTypesAvailable?: boolean;
      /**
       * Format: password
       * @description The current password; must be correct when it is present. `REQUIRE_OLD_PASSWORD=true`: must come with one’s own new `password`.
       * @example correct horse battery
       */
      oldPassword?: string;
      /** @description The networks that are assigned to the user. Accepted, and ignored. */
      readonly networks?: Record<string, never>;
    };
    UserNetworkView: {
      network: components['schemas']['ScopeView'];
    };
    UserDeviceTypeView: {
      deviceType: components['schemas']['ScopeView'];
    };
    SignInDto: {
      /**
       * @description Ignoring case.
       * @example ada
       */
      login: string;
      /**
       * Format: password
       * @example correct horse battery
       */
      password: string;
    };
    TokenPairView: {
      /**
       * @description Goes into `Authorization: Bearer …`.
       * @example eyJhbGciOiJFUzI1NiJ9.e30.c2ln
       */
      accessToken: string;
      /**
       * @description Gives new access tokens at `POST /token/refresh`.
       * @example eyJhbGciOiJIUzI1NiJ9.e30.c2ln
       */
      refreshToken: string;
    };
    RefreshTokenDto: {
      /**
       * @description A refresh token.
       * @example eyJhbGciOiJIUzI1NiJ9.e30.c2ln
       */
      refreshToken: string;
    };
    RefreshedTokensView: {
      /**
       * @description Goes into `Authorization: Bearer …`.
       * @example eyJhbGciOiJFUzI1NiJ9.e30.c2ln
       */
      accessToken: string;
      /**
       * @description With `REFRESH_ROTATION=on`: replaces the refresh token that was sent.
       * @example eyJhbGciOiJIUzI1NiJ9.e30.c2ln
       */
      refreshToken?: string;
    };
    CreateTokenDto: {
      /**
       * @description Whose tokens.
       * @example 7
       */
      userId: number;
      /**
       * @description Actions by name or number; absent or null: none. `*`: every action that the role of the user has.
       * @example [
       *       "GetDevice",
       *       "GetNetwork"
       *     ]
       */
      actions?:
        | (
            | (
                | '*'
                | 'None'
                | 'GetNetwork'
                | 'GetDevice'
                | 'GetDeviceNotification'
                | 'GetDeviceCommand'
                | 'RegisterDevice'
                | 'CreateDeviceCommand'
                | 'UpdateDeviceCommand'
                | 'CreateDeviceNotification'
                | 'GetCurrentUser'
                | 'UpdateCurrentUser'
                | 'ManageUser'
                | 'ManageConfiguration'
                | 'ManageNetwork'
                | 'ManageToken'
                | 'ManagePlugin'
                | 'GetDeviceType'
                | 'ManageDeviceType'
              )
            | (0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18)
          )[]
        | null;
      /**
       * @description Ids of networks as strings or numbers, at most 1000, or `*`; absent or null: none, for administrators too.
       * @example [
       *       "1",
       *       "2"
       *     ]
       */
      networkIds?: ((string | number)[] | null) | '*';
      /**
       * @description Ids of device types as strings or numbers, at most 1000, or `*`; absent or null: none, for administrators too.
       * @example [
       *       "1",
       *       "2"
       *     ]
       */
      deviceTypeIds?: ((string | number)[] | null) | '*';
      /**
       * Format: date-time
       * @description When the access token expires, at most `CREATED_TOKEN_MAX_TTL` ahead; absent: after `ACCESS_TOKEN_TTL`. For yourself: not after the end of the calling session.
       * @example 2031-01-31T12:00:00.000Z
       */
      expiration?: string | null;
      /**
       * Format: date-time
       * @description When the refresh token expires, with the same limits; absent: with `expiration` if that is sent, else after `REFRESH_TOKEN_TTL`.
       * @example 2031-01-31T12:00:00.000Z
       */
      refreshExpiration?: string | null;
      /**
       * @description What the tokens are for; shown with the session.
       * @example gateway in the hall
       */
      label?: string | null;
    };
    RevokeTokenDto: {
      /**
       * @description An access or a refresh token.
       * @example eyJhbGciOiJFUzI1NiJ9.e30.c2ln
       */
      token: string;
    };
    SessionView: {
      /**
       * Format: uuid
       * @description The `sid` of its tokens.
       * @example 0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10
       */
      id: string;
      /**
       * @description `signIn`: started by `POST /token`; `created`: by `POST /token/create`, or by a token that a DeviceHive has issued.
       * @example signIn
       * @enum {string}
       */
      kind: 'signIn' | 'created';
      /**
       * @description What a created session is for, in the words of its creator.
       * @example gateway in the hall
       */
      label: string | null;
      /**
       * @description The id of the user who created it; null: a sign-in, or tokens that a DeviceHive has issued.
       * @example null
       */
      createdBy: number | null;
      /**
       * Format: date-time
       * @description When it was started.
       * @example 2026-01-31T12:00:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description The last sign-in or refresh.
       * @example 2026-01-31T12:30:00.000Z
       */
      lastUsedAt: string;
      /**
       * Format: date-time
       * @description No token of the session expires later.
       * @example 2026-08-01T12:00:00.000Z
       */
      expiresAt: string;
      /**
       * @description The address that it was started from; null if an administrator started it and the reader is a client.
       * @example 192.0.2.7
       */
      address: string | null;
      /**
       * @description As for `address`; cut at 256 characters.
       * @example Mozilla/5.0
       */
      userAgent: string | null;
      /**
       * @description The actions of its tokens, by number; 0: all that the role of the user has.
       * @example [
       *       2,
       *       3
       *     ]
       */
      actions: (0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18)[];
      /**
       * @description The networks of its tokens; `["*"]`: all; empty: none.
       * @example [
       *       1,
       *       2
       *     ]
       */
      networkIds: (number | '*')[];
      /**
       * @description The device types of its tokens; `["*"]`: all; empty: none.
       * @example [
       *       "*"
       *     ]
       */
      deviceTypeIds: (number | '*')[];
      /**
       * @description Whether it is the session of the caller.
       * @example true
       */
      current: boolean;
    };
    JwkView: {
      /**
       * @description Key type.
       * @example EC
       */
      kty: string;
      /**
       * @description Curve.
       * @example P-256
       */
      crv: string;
      /** @example f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU */
      x: string;
      /** @example x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0 */
      y: string;
      /**
       * @description Key id, as in the header of tokens.
       * @example 0IhHgFVhHnUWbmW3
       */
      kid: string;
      /** @example ES256 */
      alg: string;
      /** @example sig */
      use: string;
    };
    JwksView: {
      /** @description Every key that access tokens may be signed with; none with `JWT_SECRET`. */
      keys: components['schemas']['JwkView'][];
    };
    ConfigurationView: {
      /**
       * @description The setting.
       * @example user.login.maxAttempts
       */
      name: string;
      /**
       * @description What it is set to.
       * @example 5
       */
      value: string;
      /**
       * @description Counts the changes.
       * @example 0
       */
      entityVersion: number;
    };
    SetConfigurationDto: {
      /**
       * @description Any text; never a secret.
       * @example 5
       */
      value: string;
    };
    InfoView: {
      /**
       * @description The version of the service.
       * @example 0.1.0
       */
      apiVersion: string;
      /**
       * Format: date-time
       * @example 2026-01-31T12:00:00.000Z
       */
      serverTimestamp: string;
      /**
       * @description `WEBSOCKET_URL`, or derived from the host asked.
       * @example ws://127.0.0.1:8080/websocket
       */
      webSocketServerUrl: string;
    };
    CacheInfoView: {
      /**
       * Format: date-time
       * @example 2026-01-31T12:00:00.000Z
       */
      serverTimestamp: string;
      /** @example No caches */
      cacheStats: string;
    };
    HealthView: {
      /** @example ok */
      status: string;
      /**
       * @example {
       *       "database": {
       *         "status": "up"
       *       }
       *     }
       */
      info: {
        [key: string]: unknown;
      };
      /** @example {} */
      error: {
        [key: string]: unknown;
      };
      /**
       * @example {
       *       "database": {
       *         "status": "up"
       *       }
       *     }
       */
      details: {
        [key: string]: unknown;
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listEvents: {
    parameters: {
      query?: {
        /** @description The id of an event: the page begins behind it. */
        after?: number;
        /** @description How many at most. */
        take?: number;
        /** @description The `type`; in any case. */
        type?:
          | 'hivegate.user.created'
          | 'hivegate.user.updated'
          | 'hivegate.user.deleted'
          | 'hivegate.user.lockedOut'
          | 'hivegate.user.unlocked'
          | 'hivegate.user.sourceAdded'
          | 'hivegate.session.created'
          | 'hivegate.session.revoked'
          | 'hivegate.signIn.succeeded'
          | 'hivegate.signIn.failed'
          | 'hivegate.network.created'
          | 'hivegate.network.updated'
          | 'hivegate.network.deleted'
          | 'hivegate.deviceType.created'
          | 'hivegate.deviceType.updated'
          | 'hivegate.deviceType.deleted'
          | 'hivegate.assignment.created'
          | 'hivegate.assignment.changed'
          | 'hivegate.assignment.deleted'
          | 'hivegate.configuration.set'
          | 'hivegate.configuration.deleted'
          | 'hivegate.key.created'
          | 'hivegate.key.revoked'
          | 'hivegate.service.restored';
        /** @description The `subject`, exactly. */
        subject?: string;
        /** @description The id of the user who made the change. */
        actor?: number;
        /** @description The earliest `time`. */
        since?: string;
        /** @description Only events before this `time`. */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The events. */
      200: {
        headers: {
          /**
           * @description The next page, after a full one.
           * @example </event?take=100&after=1042>; rel="next"
           */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventView'][];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  listNetworks: {
    parameters: {
      query?: {
        /** @description The direction of the sort; in any case. */
        sortOrder?: 'ASC' | 'DESC';
        /** @description How many at most. A page also ends before its body exceeds 8 MiB. */
        take?: number;
        /** @description How many to leave out from the start. Grows slower with depth; `after` does not. */
        skip?: number;
        /** @description The page begins behind this row: an id where the sort is by `ID`, else the value that `Link` gives. Excludes `skip`. */
        after?: string;
        /** @description The name, exactly but for case. */
        name?: string;
        /** @description An SQL LIKE pattern of the name, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `name`. */
        namePattern?: string;
        /** @description What to sort by; in any case. */
        sortField?: 'ID' | 'Name';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The networks. */
      200: {
        headers: {
          /**
           * @description The next page, if this one has been cut short.
           * @example <…>; rel="next"
           */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScopeView'][];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  createNetwork: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateScopeDto'];
      };
    };
    responses: {
      /** @description The network has been created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedScopeView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  countNetworks: {
    parameters: {
      query?: {
        /** @description The name, exactly but for case. */
        name?: string;
        /** @description An SQL LIKE pattern of the name, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `name`. */
        namePattern?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many there are. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CountView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getNetwork: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 304 if the response would be the one that a tag names (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a network. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The network. */
      200: {
        headers: {
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScopeView'];
        };
      };
      /** @description The response is the one that `If-None-Match` names. The body is empty. */
      304: {
        headers: {
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  updateNetwork: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a network. */
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateScopeDto'];
      };
    };
    responses: {
      /** @description The network has been updated. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  deleteNetwork: {
    parameters: {
      query?: {
        /** @description Accepted for clients of DeviceHive. Nothing can prevent a deletion, so both do the same. */
        force?: 'true' | 'false';
      };
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a network. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The network has been deleted. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  listDeviceTypes: {
    parameters: {
      query?: {
        /** @description The direction of the sort; in any case. */
        sortOrder?: 'ASC' | 'DESC';
        /** @description How many at most. A page also ends before its body exceeds 8 MiB. */
        take?: number;
        /** @description How many to leave out from the start. Grows slower with depth; `after` does not. */
        skip?: number;
        /** @description The page begins behind this row: an id where the sort is by `ID`, else the value that `Link` gives. Excludes `skip`. */
        after?: string;
        /** @description The name, exactly but for case. */
        name?: string;
        /** @description An SQL LIKE pattern of the name, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `name`. */
        namePattern?: string;
        /** @description What to sort by; in any case. */
        sortField?: 'ID' | 'Name';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The device types. */
      200: {
        headers: {
          /**
           * @description The next page, if this one has been cut short.
           * @example <…>; rel="next"
           */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScopeView'][];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  createDeviceType: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateScopeDto'];
      };
    };
    responses: {
      /** @description The device type has been created. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedScopeView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  countDeviceTypes: {
    parameters: {
      query?: {
        /** @description The name, exactly but for case. */
        name?: string;
        /** @description An SQL LIKE pattern of the name, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `name`. */
        namePattern?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many there are. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CountView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getDeviceType: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 304 if the response would be the one that a tag names (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a device type. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The device type. */
      200: {
        headers: {
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScopeView'];
        };
      };
      /** @description The response is the one that `If-None-Match` names. The body is empty. */
      304: {
        headers: {
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  updateDeviceType: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a device type. */
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateScopeDto'];
      };
    };
    responses: {
      /** @description The device type has been updated. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  deleteDeviceType: {
    parameters: {
      query?: {
        /** @description Accepted for clients of DeviceHive. Nothing can prevent a deletion, so both do the same. */
        force?: 'true' | 'false';
      };
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a device type. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The device type has been deleted. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        /** @description The direction of the sort; in any case. */
        sortOrder?: 'ASC' | 'DESC';
        /** @description How many at most. A page also ends before its body exceeds 8 MiB. */
        take?: number;
        /** @description How many to leave out from the start. Grows slower with depth; `after` does not. */
        skip?: number;
        /** @description The page begins behind this row: an id where the sort is by `ID`, else the value that `Link` gives. Excludes `skip`. */
        after?: string;
        /** @description The login, exactly but for case. */
        login?: string;
        /** @description An SQL LIKE pattern of the login, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `login`. */
        loginPattern?: string;
        /** @description 0: administrators, 1: clients. */
        role?: number;
        /** @description 0: active, 1: locked out, 2: disabled. */
        status?: number;
        /** @description What to sort by; in any case. */
        sortField?: 'ID' | 'Login';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The users. */
      200: {
        headers: {
          /**
           * @description The next page, if this one has been cut short.
           * @example </user?take=100&after=107>; rel="next"
           */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ListedUser'][];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  createUser: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateUserDto'];
      };
    };
    responses: {
      /** @description The user has been created. */
      201: {
        headers: {
          /**
           * @description Where the user is.
           * @example /user/7
           */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SubmittedUser'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  countUsers: {
    parameters: {
      query?: {
        /** @description The login, exactly but for case. */
        login?: string;
        /** @description An SQL LIKE pattern of the login, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `login`. */
        loginPattern?: string;
        /** @description 0: administrators, 1: clients. */
        role?: number;
        /** @description 0: active, 1: locked out, 2: disabled. */
        status?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many there are. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CountView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getCurrentUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 304 if the response would be the one that a tag names (weak comparison). */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user. */
      200: {
        headers: {
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedUser'];
        };
      };
      /** @description The response is the one that `If-None-Match` names. The body is empty. */
      304: {
        headers: {
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  updateCurrentUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateUserDto'];
      };
    };
    responses: {
      /** @description The user has been updated. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 900
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  patchCurrentUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/merge-patch+json': components['schemas']['PatchUserDto'];
        'application/json': components['schemas']['PatchUserDto'];
      };
    };
    responses: {
      /** @description The user has been updated. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          /**
           * @description The types of the body.
           * @example application/merge-patch+json, application/json
           */
          'Accept-Patch'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 900
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 304 if the response would be the one that a tag names (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user. */
      200: {
        headers: {
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PublishedUser'];
        };
      };
      /** @description The response is the one that `If-None-Match` names. The body is empty. */
      304: {
        headers: {
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  updateUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['UpdateUserDto'];
      };
    };
    responses: {
      /** @description The user has been updated. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 900
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  deleteUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user has been deleted. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  patchUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of the tag that counts changes of the record; a weak tag never matches. */
        'If-Match'?: string;
        /** @description Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison). */
        'If-None-Match'?: string;
      };
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/merge-patch+json': components['schemas']['PatchUserDto'];
        'application/json': components['schemas']['PatchUserDto'];
      };
    };
    responses: {
      /** @description The user has been updated. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          /**
           * @description The types of the body.
           * @example application/merge-patch+json, application/json
           */
          'Accept-Patch'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 900
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getUserNetwork: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a network. */
        networkId: number;
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The network. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserNetworkView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  assignNetwork: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a network. */
        networkId: number;
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user has it. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  unassignNetwork: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a network. */
        networkId: number;
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user does not have it. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  listUserDeviceTypes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The device types. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScopeView'][];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  assignAllDeviceTypes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user has all. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  unassignAllDeviceTypes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user has those that are assigned. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getUserDeviceType: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a device type. */
        deviceTypeId: number;
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The device type. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserDeviceTypeView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  assignDeviceType: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a device type. */
        deviceTypeId: number;
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user has it. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  unassignDeviceType: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a device type. */
        deviceTypeId: number;
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user does not have it. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  signIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SignInDto'];
      };
    };
    responses: {
      /** @description Signed in. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TokenPairView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  refreshToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RefreshTokenDto'];
      };
    };
    responses: {
      /** @description A new access token. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefreshedTokensView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  createToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateTokenDto'];
      };
    };
    responses: {
      /** @description The tokens. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TokenPairView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  revokeToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RevokeTokenDto'];
        'application/x-www-form-urlencoded': components['schemas']['RevokeTokenDto'];
      };
    };
    responses: {
      /** @description The token is not valid any more. The body is empty. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Too many requests */
      429: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 1
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  listOwnSessions: {
    parameters: {
      query?: {
        /** @description How many at most. */
        take?: number;
        /** @description The id of a session: the page begins behind it. */
        after?: string;
        /** @description `others`: instead, the sessions that the user has created for other users. */
        createdFor?: 'others';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The sessions. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionView'][];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  revokeOwnSessions: {
    parameters: {
      query?: {
        /** @description `current`: not the session of the caller, nor those that it descends from. */
        except?: 'current';
        /** @description `others`: instead, the sessions that the user has created for other users. */
        createdFor?: 'others';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The sessions have been revoked. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  listSessions: {
    parameters: {
      query?: {
        /** @description How many at most. */
        take?: number;
        /** @description The id of a session: the page begins behind it. */
        after?: string;
        /** @description `others`: instead, the sessions that the user has created for other users. */
        createdFor?: 'others';
      };
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The sessions. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionView'][];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  revokeSessions: {
    parameters: {
      query?: {
        /** @description `current`: not the session of the caller, nor those that it descends from. */
        except?: 'current';
        /** @description `others`: instead, the sessions that the user has created for other users. */
        createdFor?: 'others';
      };
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The sessions have been revoked. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  revokeOwnSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a session: the `sid` of its tokens. */
        sessionId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The session has been revoked. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  revokeSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a session: the `sid` of its tokens. */
        sessionId: string;
        /** @description The id of a user. */
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The session has been revoked. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getJwks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The keys. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['JwksView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getConfiguration: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The name of a setting. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The setting. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConfigurationView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  setConfiguration: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The name of a setting. */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SetConfigurationDto'];
      };
    };
    responses: {
      /** @description The setting as it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConfigurationView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description The body is not JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  deleteConfiguration: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The name of a setting. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The setting has been deleted. The body is empty. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not signed in */
      401: {
        headers: {
          /**
           * @description How to authenticate.
           * @example Bearer error="invalid_token"
           */
          'WWW-Authenticate'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not allowed */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getInfo: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description About the service. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InfoView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getCacheInfo: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description About the caches. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CacheInfoView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getLiveness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It does. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description They should. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['HealthView'];
        };
      };
      /** @description The request is not valid */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A precondition does not hold: `If-Match`, or `If-None-Match` */
      412: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description A fault of the service */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
      /** @description Not available now */
      503: {
        headers: {
          /**
           * @description Seconds to wait before the next try.
           * @example 5
           */
          'Retry-After'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorSchema'];
        };
      };
    };
  };
}
