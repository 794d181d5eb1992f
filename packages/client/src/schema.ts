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
     * @description For administrators. Changes, sign-ins and failed sign-ins as CloudEvents, oldest first. To follow them, ask again with the last `id` as `after`: every event is seen exactly once, in the order of commits. An event never changes. Failed sign-ins, and updates of `data` by the user itself, are counted: the first of a period is an event at once, the others are one more at its end, with `count`. With `Accept: text/event-stream` it is a stream: each event is a message with its `id`, from `Last-Event-ID` (or `after`) on, and then each new one; `take` has no effect. The page after a full one is announced by a `Link` header with `rel="next"`.
     *
     *     Needs the action `ManageUser`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 410: `The cursor is from before a restore: begin without it`
     *     - 429: `Too many requests`
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
  '/revocation': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read revocations
     * @description For services that verify tokens themselves: sessions that have been revoked or narrowed and have access tokens that have not expired. To follow them, ask again with the last `cursor` as `after`. An entry may come twice, none is left out. A response has at most some thousand entries: ask again at once until both lists are empty. With `Accept: text/event-stream` it is a stream: each message has the cursor as its `id` and such an object as its `data`; the first one comes at once. `Last-Event-ID` takes precedence over `after`.
     *
     *     Needs any valid access token.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 410: `The cursor is from before a restore: begin without it`
     *     - 429: `Too many requests`
     */
    get: operations['readRevocations'];
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
     *
     *     Needs the action `GetNetwork`.
     *
     *     - 403: `Access is denied`
     */
    get: operations['listNetworks'];
    put?: never;
    /**
     * Create a network
     * @description For administrators.
     *
     *     Needs the action `ManageNetwork`.
     *
     *     - 403: `Network cannot be created. Network with such name already exists`, `Access is denied`
     *     - 413: `The body is larger than 128 KiB`
     *     - 415: `The body must be JSON in UTF-8`
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
     *
     *     Needs the action `GetNetwork`.
     *
     *     - 403: `Access is denied`
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
     *
     *     Needs the action `GetNetwork`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Network with id = 2 not found`
     *     - 412: `The resource has been changed`
     */
    get: operations['getNetwork'];
    /**
     * Update a network
     * @description For administrators. Only the properties that are present change.
     *
     *     Needs the action `ManageNetwork`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Network cannot be created. Network with such name already exists`, `Access is denied`
     *     - 404: `Network with id = 2 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
     *     - 413: `The body is larger than 128 KiB`
     *     - 415: `The body must be JSON in UTF-8`
     */
    put: operations['updateNetwork'];
    post?: never;
    /**
     * Delete a network
     * @description For administrators. Its assignments go with it.
     *
     *     Needs the action `ManageNetwork`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Network with id = 2 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
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
     *
     *     Needs the action `GetDeviceType`.
     *
     *     - 403: `Access is denied`
     */
    get: operations['listDeviceTypes'];
    put?: never;
    /**
     * Create a device type
     * @description For administrators.
     *
     *     Needs the action `ManageDeviceType`.
     *
     *     - 403: `Device type cannot be created. Device type with such name already exists`, `Access is denied`
     *     - 413: `The body is larger than 128 KiB`
     *     - 415: `The body must be JSON in UTF-8`
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
     *
     *     Needs the action `GetDeviceType`.
     *
     *     - 403: `Access is denied`
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
     *
     *     Needs the action `GetDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Device type with id = 2 not found`
     *     - 412: `The resource has been changed`
     */
    get: operations['getDeviceType'];
    /**
     * Update a device type
     * @description For administrators. Only the properties that are present change.
     *
     *     Needs the action `ManageDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Device type cannot be created. Device type with such name already exists`, `Access is denied`
     *     - 404: `Device type with id = 2 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
     *     - 413: `The body is larger than 128 KiB`
     *     - 415: `The body must be JSON in UTF-8`
     */
    put: operations['updateDeviceType'];
    post?: never;
    /**
     * Delete a device type
     * @description For administrators. Its assignments go with it.
     *
     *     Needs the action `ManageDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Device type with id = 2 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
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
     *
     *     Needs the action `ManageUser`.
     *
     *     - 403: `Access is denied`
     */
    get: operations['listUsers'];
    put?: never;
    /**
     * Create a user
     * @description For administrators.
     *
     *     Needs the action `ManageUser`.
     *
     *     - 400: `Password can contain only from 8 to 128 symbols!`, `Password is too common`
     *     - 403: `User with such login already exists. Please, select another one`, `Access is denied`
     *     - 413: `The body is larger than 1 MiB`
     *     - 415: `The body must be JSON in UTF-8`
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
     *
     *     Needs the action `ManageUser`.
     *
     *     - 403: `Access is denied`
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
     *
     *     Needs the action `GetCurrentUser`.
     *
     *     - 403: `Access is denied`
     *     - 412: `The resource has been changed`
     */
    get: operations['getCurrentUser'];
    /**
     * Update oneself
     * @description Updates the user whose token it is: an administrator any of its properties, a client its `password` and `data`, and what `CLIENT_WRITABLE_FIELDS` adds. Only the properties that are present change, and one with its current value is no change, so what GET returns can be sent back whole. `null` clears `data`. All or nothing. A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for themselves in that time: then 429.
     *
     *     Needs the action `UpdateCurrentUser` or `ManageUser`.
     *
     *     - 400: `Password can contain only from 8 to 128 symbols!`, `Password is too common`
     *     - 403: `Invalid credentials`, `User with such login already exists. Please, select another one`, `The last active administrator cannot be removed`, `Access is denied`, `Admin permissions required for this action`
     *     - 404: `User with id = 7 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
     *     - 413: `The body is larger than 1 MiB`
     *     - 415: `The body must be JSON in UTF-8`
     *     - 429: `Too many requests`
     *     - 503: `The service is busy`
     */
    put: operations['updateCurrentUser'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Merge into oneself
     * @description The same as `PUT`, as a JSON merge patch (RFC 7396; `application/json` is accepted, too): `data` is merged member by member instead of replaced, and `null` removes a member. Members that the patch does not name stay as they are. Updates the user whose token it is: an administrator any of its properties, a client its `password` and `data`, and what `CLIENT_WRITABLE_FIELDS` adds. Only the properties that are present change, and one with its current value is no change, so what GET returns can be sent back whole. `null` clears `data`. All or nothing. A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for themselves in that time: then 429.
     *
     *     Needs the action `UpdateCurrentUser` or `ManageUser`.
     *
     *     - 400: `data can have at most 64 KiB`, `Password can contain only from 8 to 128 symbols!`, `Password is too common`
     *     - 403: `Invalid credentials`, `User with such login already exists. Please, select another one`, `The last active administrator cannot be removed`, `Access is denied`, `Admin permissions required for this action`
     *     - 404: `User with id = 7 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
     *     - 413: `The body is larger than 1 MiB`
     *     - 415: `The body must be JSON in UTF-8`
     *     - 429: `Too many requests`
     *     - 503: `The service is busy`
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
     *
     *     Needs the action `GetCurrentUser` for oneself, `ManageUser` for another user.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `User with id = 7 not found`
     *     - 412: `The resource has been changed`
     */
    get: operations['getUser'];
    /**
     * Update a user
     * @description Administrators may update any property of any user, clients only their own `password` and `data`. Only the properties that are present change, and one with its current value is no change, so what GET returns can be sent back whole. `null` clears `data`. All or nothing. A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for themselves in that time: then 429.
     *
     *     Needs the action `UpdateCurrentUser` or `ManageUser`.
     *
     *     - 400: `Invalid request parameters`, `Password can contain only from 8 to 128 symbols!`, `Password is too common`
     *     - 403: `Invalid credentials`, `User with such login already exists. Please, select another one`, `The last active administrator cannot be removed`, `Access is denied`, `Admin permissions required for this action`
     *     - 404: `User with id = 7 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
     *     - 413: `The body is larger than 1 MiB`
     *     - 415: `The body must be JSON in UTF-8`
     *     - 429: `Too many requests`
     *     - 503: `The service is busy`
     */
    put: operations['updateUser'];
    post?: never;
    /**
     * Delete a user
     * @description For administrators. Revokes the sessions of the user, and deletes what is assigned to it.
     *
     *     Needs the action `ManageUser`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `You can not delete a user or access key that you use to authenticate this request`, `The last active administrator cannot be removed`, `Access is denied`
     *     - 404: `User with id = 7 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
     */
    delete: operations['deleteUser'];
    options?: never;
    head?: never;
    /**
     * Merge into a user
     * @description The same as `PUT`, as a JSON merge patch (RFC 7396; `application/json` is accepted, too): `data` is merged member by member instead of replaced, and `null` removes a member. Members that the patch does not name stay as they are. Administrators may update any property of any user, clients only their own `password` and `data`. Only the properties that are present change, and one with its current value is no change, so what GET returns can be sent back whole. `null` clears `data`. All or nothing. A new `password` revokes the other sessions of the user, and `status` 1 or 2 all of them. Old passwords are compared five times in 15 minutes for each sign-in, and users set at most five new passwords for themselves in that time: then 429.
     *
     *     Needs the action `UpdateCurrentUser` or `ManageUser`.
     *
     *     - 400: `Invalid request parameters`, `data can have at most 64 KiB`, `Password can contain only from 8 to 128 symbols!`, `Password is too common`
     *     - 403: `Invalid credentials`, `User with such login already exists. Please, select another one`, `The last active administrator cannot be removed`, `Access is denied`, `Admin permissions required for this action`
     *     - 404: `User with id = 7 not found`
     *     - 412: `The resource has been changed`, `The resource is as If-None-Match names it`
     *     - 413: `The body is larger than 1 MiB`
     *     - 415: `The body must be JSON in UTF-8`
     *     - 429: `Too many requests`
     *     - 503: `The service is busy`
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
     *
     *     Needs the action `GetNetwork` or `ManageNetwork`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Network with id 2 for user with id 7 was not found`, `User with id = 7 not found`
     */
    get: operations['getUserNetwork'];
    /**
     * Assign a network to a user
     * @description For administrators. Assigning it again changes nothing.
     *
     *     Needs the action `ManageNetwork`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `User with id = 7 not found`, `Network with id = 2 not found`
     */
    put: operations['assignNetwork'];
    post?: never;
    /**
     * Take a network from a user
     * @description For administrators. Taking it again changes nothing.
     *
     *     Needs the action `ManageNetwork`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `User with id = 7 not found`, `Network with id = 2 not found`
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
     *
     *     Needs the action `ManageDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `User with id = 7 not found`
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
     *
     *     Needs the action `ManageDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `User with id = 7 not found`
     */
    put: operations['assignAllDeviceTypes'];
    post?: never;
    /**
     * Leave a user the device types that are assigned to it
     * @description For administrators.
     *
     *     Needs the action `ManageDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `User with id = 7 not found`
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
     *
     *     Needs the action `GetDeviceType` or `ManageDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Device type with id 2 for user with id 7 not found`, `User with id = 7 not found`
     */
    get: operations['getUserDeviceType'];
    /**
     * Assign a device type to a user
     * @description For administrators. Assigning it again changes nothing.
     *
     *     Needs the action `ManageDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Cannot assign device type to user with all device types allowed`, `Access is denied`
     *     - 404: `User with id = 7 not found`, `Device type with id = 2 not found`
     */
    put: operations['assignDeviceType'];
    post?: never;
    /**
     * Take a device type from a user
     * @description For administrators. Taking it again changes nothing.
     *
     *     Needs the action `ManageDeviceType`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Cannot assign device type to user with all device types allowed`, `Access is denied`
     *     - 404: `User with id = 7 not found`, `Device type with id = 2 not found`
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
     *
     *     Needs no token.
     *
     *     - 400: `Invalid or empty authorization request parameters`
     *     - 403: `Access is denied`
     *     - 413: `The body is larger than 4 KiB`
     *     - 415: `The body must be JSON in UTF-8`
     *     - 429: `Too many requests`
     *     - 503: `The service is busy`
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
     *
     *     Needs no token.
     *
     *     - 403: `Access is denied`
     *     - 413: `The body is larger than 16 KiB`
     *     - 415: `The body must be JSON in UTF-8`
     *     - 429: `Too many requests`
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
     *
     *     Needs the action `ManageToken`.
     *
     *     - 400: `"Fly" is no action`
     *     - 403: `User is locked or disabled`, `Access is denied`
     *     - 404: `User with id = 7 not found`
     *     - 413: `The body is larger than 128 KiB`
     *     - 415: `The body must be JSON in UTF-8`
     *     - 429: `Too many requests`
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
     *
     *     Needs no token.
     *
     *     - 403: `Access is denied`
     *     - 413: `The body is larger than 16 KiB`
     *     - 415: `The body must be JSON in UTF-8`
     *     - 429: `Too many requests`
     */
    post: operations['revokeToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/token/introspect': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask what a token may now
     * @description For services that cannot verify tokens themselves, or need the present state (RFC 7662). The caller may ask about the tokens of its own user; an administrator whose token has `ManageToken` or `ManageUser`, about any. Of any other token, and of one that is not valid, the response is `{"active": false}`. A refresh token that has been replaced is not active. The body may also be a form (`application/x-www-form-urlencoded`). Other parameters, `token_type_hint` included, are ignored.
     *
     *     Needs any valid access token.
     *
     *     - 403: `Access is denied`
     *     - 413: `The body is larger than 128 KiB`
     *     - 415: `The body must be JSON in UTF-8`
     */
    post: operations['introspectToken'];
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
     *
     *     Needs the action `GetCurrentUser` for oneself, `ManageUser` for another user.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     */
    get: operations['listOwnSessions'];
    put?: never;
    post?: never;
    /**
     * Revoke one’s own sessions
     * @description Revokes all open sessions, for good; with `except=current` all but the calling one and those that it descends from. A token of a created session reaches only that session and those that were created with it.
     *
     *     Needs the action `UpdateCurrentUser` for oneself, `ManageUser` for another user.
     *
     *     - 403: `Access is denied`
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
     *
     *     Needs the action `GetCurrentUser` for oneself, `ManageUser` for another user.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `User with id = 7 not found`
     */
    get: operations['listSessions'];
    put?: never;
    post?: never;
    /**
     * Revoke the sessions of a user
     * @description Revokes all open sessions, for good; with `except=current` all but the calling one and those that it descends from. Administrators: of any user; clients: their own. A token of a created session reaches only that session and those that were created with it.
     *
     *     Needs the action `UpdateCurrentUser` for oneself, `ManageUser` for another user.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `User with id = 7 not found`
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
     *
     *     Needs the action `UpdateCurrentUser` for oneself, `ManageUser` for another user.
     *
     *     - 403: `Access is denied`
     *     - 404: `Session with id = 0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10 not found`
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
     *
     *     Needs the action `UpdateCurrentUser` for oneself, `ManageUser` for another user.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Session with id = 0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10 not found`, `User with id = 7 not found`
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
     *
     *     Needs no token.
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
  '/.well-known/oauth-authorization-server': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Discover the issuer
     * @description What a service needs to trust tokens by their issuer alone (RFC 8414), if `JWT_ISSUER` is an http(s) URL. All URLs in it come from `JWT_ISSUER`. Also served where RFC 8414 inserts it before the path of the issuer, and under that path.
     *
     *     Needs no token.
     *
     *     - 404: `Not found`
     */
    get: operations['getAuthorizationServer'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/.well-known/openid-configuration': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Discover the issuer, for clients of OpenID Connect
     * @description What a service needs to trust tokens by their issuer alone (OpenID Connect Discovery 1.0), if `JWT_ISSUER` is an http(s) URL. All URLs in it come from `JWT_ISSUER`. Also served where RFC 8414 inserts it before the path of the issuer, and under that path.
     *
     *     Needs no token.
     *
     *     - 404: `Not found`
     */
    get: operations['getOpenidConfiguration'];
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
     *
     *     Needs the action `ManageConfiguration`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Requested config with name = x not found in the database`
     */
    get: operations['getConfiguration'];
    /**
     * Set a setting
     * @description For administrators. `user.login.maxAttempts` is read live by the lockout. No secret is kept here.
     *
     *     Needs the action `ManageConfiguration`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 413: `The body is larger than 128 KiB`
     *     - 415: `The body must be JSON in UTF-8`
     */
    put: operations['setConfiguration'];
    post?: never;
    /**
     * Delete a setting
     * @description For administrators. What it sets is then as by default.
     *
     *     Needs the action `ManageConfiguration`.
     *
     *     - 400: `Invalid request parameters`
     *     - 403: `Access is denied`
     *     - 404: `Requested config with name = x not found in the database`
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
     *
     *     Needs no token.
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
     *
     *     Needs no token.
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
     *
     *     Needs no token.
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
     * @description Asks whether the signing keys are read and the database takes writes. A read-only database or a standby is a 503 that names the check, and so is a service that shuts down. A full disk is a `warning` of the database: reads go on. The result is kept for a second.
     *
     *     Needs no token.
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
    /**
     * @description A right, by number: 0 `*`, 1 `None`, 2 `GetNetwork`, 3 `GetDevice`, 4 `GetDeviceNotification`, 5 `GetDeviceCommand`, 6 `RegisterDevice`, 7 `CreateDeviceCommand`, 8 `UpdateDeviceCommand`, 9 `CreateDeviceNotification`, 10 `GetCurrentUser`, 11 `UpdateCurrentUser`, 12 `ManageUser`, 13 `ManageConfiguration`, 14 `ManageNetwork`, 15 `ManageToken`, 16 `ManagePlugin`, 17 `GetDeviceType`, 18 `ManageDeviceType`.
     * @enum {integer}
     */
    Action: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18;
    Actor: {
      /**
       * @description The id of the administrator.
       * @example 1
       */
      sub: string;
    };
    ApiError: {
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
      details?: components['schemas']['FieldError'][];
    };
    CacheInfo: {
      /**
       * Format: date-time
       * @example 2026-01-31T12:00:00.000Z
       */
      serverTimestamp: string;
      /** @example No caches */
      cacheStats: string;
    };
    ConfigurationValue: {
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
    Count: {
      /** @example 1 */
      count: number;
    };
    CreateScope: {
      /**
       * Format: int64
       * @description Accepted, and ignored.
       */
      id?: number;
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
    CreateToken: {
      /**
       * Format: int64
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
      actions?: (string | components['schemas']['Action'])[] | null;
      networkIds?: components['schemas']['ScopeIds'];
      deviceTypeIds?: components['schemas']['ScopeIds'];
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
    CreateUser: {
      /**
       * Format: int64
       * @description The id of the user. Accepted, and ignored.
       * @example 7
       */
      id?: number;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login: string;
      role: components['schemas']['UserRole'];
      /**
       * Format: password
       * @description `PASSWORD_MIN_LENGTH` (8) characters or more; not a well-known one, nor the login.
       * @example correct horse battery
       */
      password: string;
      status?: components['schemas']['UserStatus'];
      /**
       * Format: date-time
       * @description The last sign-in or refresh. Accepted, and ignored.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastLogin?: string | null;
      /**
       * @description Any JSON object, at most 64 KiB as sent; returned exactly as it was sent. `null` clears it. Absent: `null`.
       * @example {
       *       "theme": "dark"
       *     }
       */
      data?: {
        [key: string]: unknown;
      } | null;
      /**
       * @description Whether the user has seen the introduction. Absent: `false`.
       * @example false
       */
      introReviewed?: boolean;
      /**
       * @description Whether the user has access to every device type. Absent: `true`.
       * @example true
       */
      allDeviceTypesAvailable?: boolean;
      /** @description The networks that are assigned to the user. Accepted, and ignored. */
      networks?: components['schemas']['Scope'][];
    };
    CreatedScope: {
      /**
       * Format: int64
       * @example 2
       */
      id: number;
    };
    CreatedUser: {
      /**
       * Format: int64
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
    Discovery: {
      /**
       * @description The `iss` of every token: `JWT_ISSUER`.
       * @example https://id.example.com
       */
      issuer: string;
      /**
       * @description Absent with `JWT_SECRET`: no key is published then.
       * @example https://id.example.com/.well-known/jwks.json
       */
      jwks_uri?: string;
      /**
       * @description Where users sign in, with JSON: not a token endpoint of OAuth.
       * @example https://id.example.com/token
       */
      token_endpoint: string;
      /**
       * @description Clients have no credentials.
       * @example [
       *       "none"
       *     ]
       */
      token_endpoint_auth_methods_supported: string[];
      /**
       * @description `POST /token/introspect`.
       * @example https://id.example.com/token/introspect
       */
      introspection_endpoint: string;
      /**
       * @description An access token.
       * @example [
       *       "Bearer"
       *     ]
       */
      introspection_endpoint_auth_methods_supported: string[];
      /**
       * @description `POST /token/revoke`.
       * @example https://id.example.com/token/revoke
       */
      revocation_endpoint: string;
      /**
       * @description The token itself is enough.
       * @example [
       *       "none"
       *     ]
       */
      revocation_endpoint_auth_methods_supported: string[];
      /**
       * @description `GET /revocation`: the sessions that have been revoked. Not a registered member.
       * @example https://id.example.com/revocation
       */
      revocation_feed_endpoint: string;
      /**
       * @description None: there is no authorization endpoint.
       * @example []
       */
      response_types_supported: string[];
      /**
       * @description None of OAuth.
       * @example []
       */
      grant_types_supported: string[];
      /**
       * @description A user has one `sub` everywhere.
       * @example [
       *       "public"
       *     ]
       */
      subject_types_supported: string[];
      /**
       * @description The algorithm of access tokens. There are no ID tokens; libraries look for it here.
       * @example [
       *       "ES256"
       *     ]
       */
      id_token_signing_alg_values_supported: string[];
    };
    Event: {
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
      type: components['schemas']['EventType'];
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
      data: components['schemas']['EventData'];
    };
    EventChanges: {
      /** @description The role. */
      role?: components['schemas']['NumberChange'];
      /** @description The status. */
      status?: components['schemas']['NumberChange'];
      /** @description Whether the user has all device types. */
      allDeviceTypesAvailable?: components['schemas']['FlagChange'];
    };
    EventData: {
      /**
       * Format: int64
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
       * Format: int64
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
      changes?: components['schemas']['EventChanges'];
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
      reason?: components['schemas']['RevocationReason'];
      /**
       * Format: int64
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
       * Format: int64
       * @description The network that was assigned or taken.
       * @example 2
       */
      networkId?: number;
      /**
       * Format: int64
       * @description The device type that was assigned or taken.
       * @example 2
       */
      deviceTypeId?: number;
      /**
       * @description How many users were imported.
       * @example 1200
       */
      users?: number;
    };
    /**
     * @description What happened.
     * @enum {string}
     */
    EventType:
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
      | 'hivegate.service.restored'
      | 'hivegate.service.imported'
      | 'hivegate.service.exported';
    FieldError: {
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
    FlagChange: {
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
    Health: {
      /** @example ok */
      status: string;
      /**
       * @example {
       *       "keys": {
       *         "status": "up"
       *       },
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
       *       "keys": {
       *         "status": "up"
       *       },
       *       "database": {
       *         "status": "up"
       *       }
       *     }
       */
      details: {
        [key: string]: unknown;
      };
    };
    Info: {
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
    IntrospectToken: {
      /**
       * @description An access or a refresh token.
       * @example eyJhbGciOiJFUzI1NiJ9.e30.c2ln
       */
      token: string;
    };
    Introspection: {
      /**
       * @description False: the token is not valid, or not the caller’s to see. There are no other members then.
       * @example true
       */
      active: boolean;
      /**
       * @description The id of its user.
       * @example 7
       */
      sub?: string;
      /**
       * @description The login of its user.
       * @example ada
       */
      username?: string;
      /**
       * @description `JWT_ISSUER`.
       * @example https://id.example.com
       */
      iss?: string;
      /**
       * @description When it was issued, in seconds since 1970. Absent: a DeviceHive has issued it.
       * @example 1770000000
       */
      iat?: number;
      /**
       * @description When it expires, in seconds since 1970.
       * @example 1770001800
       */
      exp?: number;
      /**
       * @description Its id. Absent: a DeviceHive has issued it.
       * @example 5f0d6a0e-3f0c-4e0b-9a3e-2b7c1f6d8e90
       */
      jti?: string;
      /**
       * Format: uuid
       * @description Its session.
       * @example 0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10
       */
      sid?: string;
      /**
       * @description For whom it is, if it says so: with `JWT_AUDIENCE`.
       * @example https://apps.example.com
       */
      aud?: string;
      /**
       * @description The administrator who has created its session for its user, if one has.
       * @example {
       *       "sub": "1"
       *     }
       */
      act?: components['schemas']['Actor'];
      /**
       * @description What it is for.
       * @example access_token
       * @enum {string}
       */
      token_type?: 'access_token' | 'refresh_token';
      /**
       * @description The names of the actions that it grants now, separated by spaces; all of them are named, `*` is not.
       * @example GetNetwork GetDevice
       */
      scope?: string;
      role?: components['schemas']['UserRole'];
      /**
       * @description The networks that the token reaches now; `["*"]`: all.
       * @example [
       *       1,
       *       2
       *     ]
       */
      networks?: (number | '*')[];
      /**
       * @description The device types that the token reaches now; `["*"]`: all.
       * @example [
       *       "*"
       *     ]
       */
      deviceTypes?: (number | '*')[];
    };
    Jwk: {
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
    Jwks: {
      /** @description Every key that access tokens may be signed with; none with `JWT_SECRET`. */
      keys: components['schemas']['Jwk'][];
    };
    ListedUser: {
      /**
       * Format: int64
       * @description The id of the user.
       * @example 7
       */
      id: number;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login: string;
      role: components['schemas']['UserRole'];
      status: components['schemas']['UserStatus'];
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
    Narrowed: {
      /**
       * @description The session: the `sid` of its tokens.
       * @example 5d6a0a1e-3b1c-4c53-9a52-8d0b7d3d6a10
       */
      sid: string;
      /**
       * Format: date-time
       * @description Tokens of the session that were issued before this must be introspected or refused.
       * @example 2026-01-31T12:00:00.000Z
       */
      at: string;
    };
    NumberChange: {
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
    PatchUser: {
      /**
       * Format: int64
       * @description The id of the user. Accepted, and ignored.
       * @example 7
       */
      id?: number;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login?: string;
      role?: components['schemas']['UserRole'];
      /**
       * Format: password
       * @description `PASSWORD_MIN_LENGTH` (8) characters or more; not a well-known one, nor the login.
       * @example correct horse battery
       */
      password?: string;
      status?: components['schemas']['UserStatus'];
      /**
       * Format: date-time
       * @description The last sign-in or refresh. Accepted, and ignored.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastLogin?: string | null;
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
      networks?: components['schemas']['Scope'][];
    };
    RefreshToken: {
      /**
       * @description A refresh token.
       * @example eyJhbGciOiJIUzI1NiJ9.e30.c2ln
       */
      refreshToken: string;
    };
    RefreshedTokens: {
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
    /**
     * @description Why a session was revoked.
     * @enum {string}
     */
    RevocationReason:
      | 'request'
      | 'command'
      | 'newPassword'
      | 'disabled'
      | 'locked'
      | 'deleted'
      | 'demoted'
      | 'tooMany'
      | 'refreshTokenReused';
    Revocations: {
      /**
       * @description What `after` takes: the next response begins behind it.
       * @example q83vEjRWeJq8.1042
       */
      cursor: string;
      /**
       * Format: date-time
       * @description Tokens that were issued before this are refused: the last restore. Null: all count.
       * @example null
       */
      notBefore: string | null;
      /** @description Sessions that have been revoked. */
      revoked: components['schemas']['Revoked'][];
      /** @description Sessions whose user has lost a role, a network or a device type. */
      narrowed: components['schemas']['Narrowed'][];
    };
    RevokeToken: {
      /**
       * @description An access or a refresh token.
       * @example eyJhbGciOiJFUzI1NiJ9.e30.c2ln
       */
      token: string;
    };
    Revoked: {
      /**
       * @description The session: the `sid` of its tokens.
       * @example 5d6a0a1e-3b1c-4c53-9a52-8d0b7d3d6a10
       */
      sid: string;
      /**
       * Format: date-time
       * @description When its last access token expires.
       * @example 2026-01-31T12:30:00.000Z
       */
      until: string;
    };
    Scope: {
      /**
       * Format: int64
       * @example 1
       */
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
    /**
     * @description Ids as texts or numbers, or `*` for all. Absent or null: none, for administrators too.
     * @example [
     *       "1",
     *       "2"
     *     ]
     */
    ScopeIds: (string | number)[] | '*' | null;
    Session: {
      /**
       * Format: uuid
       * @description The `sid` of its tokens.
       * @example 0b5a1e2c-93d4-4f6e-8f3c-6a2d1b7c9e10
       */
      id: string;
      kind: components['schemas']['SessionKind'];
      /**
       * @description What a created session is for, in the words of its creator.
       * @example gateway in the hall
       */
      label: string | null;
      /**
       * Format: int64
       * @description The id of the user who created it; null: a sign-in, `hivegate tokens create`, or tokens that a DeviceHive has issued.
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
       * @description The address that it was started from; null if an administrator started it and the reader is a client, or if `hivegate tokens create` started it.
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
      actions: components['schemas']['Action'][];
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
    /**
     * @description `signIn`: started by `POST /token`; `created`: by `POST /token/create`, by `hivegate tokens create`, or by a token that a DeviceHive has issued.
     * @enum {string}
     */
    SessionKind: 'signIn' | 'created';
    SetConfiguration: {
      /**
       * @description Any text; never a secret.
       * @example 5
       */
      value: string;
    };
    SignIn: {
      /**
       * @description Ignoring case. Not blank.
       * @example ada
       */
      login: string;
      /**
       * Format: password
       * @description Not blank, if it is shorter than `PASSWORD_MIN_LENGTH`.
       * @example correct horse battery
       */
      password: string;
    };
    TokenPair: {
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
    UpdateScope: {
      /**
       * Format: int64
       * @description Accepted, and ignored.
       */
      id?: number;
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
    UpdateUser: {
      /**
       * Format: int64
       * @description The id of the user. Accepted, and ignored.
       * @example 7
       */
      id?: number;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login?: string;
      role?: components['schemas']['UserRole'];
      /**
       * Format: password
       * @description `PASSWORD_MIN_LENGTH` (8) characters or more; not a well-known one, nor the login.
       * @example correct horse battery
       */
      password?: string;
      status?: components['schemas']['UserStatus'];
      /**
       * Format: date-time
       * @description The last sign-in or refresh. Accepted, and ignored.
       * @example 2026-01-31T12:00:00.000Z
       */
      lastLogin?: string | null;
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
      networks?: components['schemas']['Scope'][];
    };
    User: {
      /**
       * Format: int64
       * @description The id of the user.
       * @example 7
       */
      id: number;
      /**
       * @description Unique, ignoring case. Letters, digits and `_ @ . -`; spaces around it are cut off.
       * @example ada
       */
      login: string;
      role: components['schemas']['UserRole'];
      status: components['schemas']['UserStatus'];
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
      networks: components['schemas']['Scope'][];
    };
    UserDeviceType: {
      deviceType: components['schemas']['Scope'];
    };
    UserNetwork: {
      network: components['schemas']['Scope'];
    };
    /**
     * @description 0: administrator, 1: client.
     * @enum {integer}
     */
    UserRole: 0 | 1;
    /**
     * @description 0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked.
     * @enum {integer}
     */
    UserStatus: 0 | 1 | 2;
  };
  responses: {
    /** @description An error. The description of the operation says which it can be. */
    Error: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        /** @description With 429 and 503: seconds to wait before the next try. */
        'Retry-After'?: number;
        /** @description With 401: how to authenticate; for a token that was sent, `error="invalid_token"`. */
        'WWW-Authenticate'?: string;
        /** @description With 405: the methods of the path. */
        Allow?: string;
        /** @description With 415: the types of body that `PATCH` takes. */
        'Accept-Patch'?: string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiError'];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: {
    /** @description Names the request in the log: the caller’s own id, if it sent a valid one. */
    'X-Request-Id': string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listEvents: {
    parameters: {
      query?: {
        /** @description The `type`. */
        type?: components['schemas']['EventType'];
        /** @description The `subject`, exactly. */
        subject?: string;
        /** @description The id of the user who made the change. */
        actor?: number;
        /** @description The earliest `time`. Such as `2026-01-31T12:00:00.000Z`. */
        since?: string;
        /** @description Only events before this `time`. Such as `2026-01-31T12:00:00.000Z`. */
        until?: string;
        /** @description How many at most. Absent: 100. */
        take?: number;
        /** @description The id of an event: the page begins behind it. */
        after?: number;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Of a stream: no proxy must buffer it.
           * @example no
           */
          'X-Accel-Buffering'?: string;
          /**
           * @description The next page, after a full one.
           * @example </event?take=100&after=1042>; rel="next"
           */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Event'][];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  readRevocations: {
    parameters: {
      query?: {
        /** @description How many seconds to wait if there is nothing new. Without effect on a stream. Absent: 0. */
        wait?: number;
        /** @description The `cursor` of the last response. Absent: from the beginning. */
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What is new. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Of a stream: no proxy must buffer it.
           * @example no
           */
          'X-Accel-Buffering'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Revocations'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  listNetworks: {
    parameters: {
      query?: {
        /** @description The name, exactly but for case. */
        name?: string;
        /** @description An SQL LIKE pattern of the name, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `name`. */
        namePattern?: string;
        /** @description What to sort by: `ID` or `Name`, in any case. Absent: `ID`. */
        sortField?: string;
        /** @description The direction of the sort: `ASC` or `DESC`, in any case. Absent: `ASC`. */
        sortOrder?: string;
        /** @description How many at most. Absent: 100. A page also ends before its body exceeds 8 MiB. */
        take?: number;
        /** @description How many to leave out from the start. Grows slower with depth; `after` does not. */
        skip?: number;
        /** @description The page begins behind this row: an id where the sort is by `ID`, else the value that `Link` gives. Excludes `skip`. */
        after?: string;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description The next page, if this one has been cut short.
           * @example <…>; rel="next"
           */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Scope'][];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
        'application/json': components['schemas']['CreateScope'];
      };
    };
    responses: {
      /** @description The network has been created. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedScope'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Count'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Scope'];
        };
      };
      /** @description The response is the one that `If-None-Match` names. The body is empty. */
      304: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
    requestBody?: {
      content: {
        'application/json': components['schemas']['UpdateScope'];
      };
    };
    responses: {
      /** @description The network has been updated. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  deleteNetwork: {
    parameters: {
      query?: {
        /** @description Accepted for clients of DeviceHive. Nothing can prevent a deletion, so both do the same. */
        force?: boolean;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  listDeviceTypes: {
    parameters: {
      query?: {
        /** @description The name, exactly but for case. */
        name?: string;
        /** @description An SQL LIKE pattern of the name, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `name`. */
        namePattern?: string;
        /** @description What to sort by: `ID` or `Name`, in any case. Absent: `ID`. */
        sortField?: string;
        /** @description The direction of the sort: `ASC` or `DESC`, in any case. Absent: `ASC`. */
        sortOrder?: string;
        /** @description How many at most. Absent: 100. A page also ends before its body exceeds 8 MiB. */
        take?: number;
        /** @description How many to leave out from the start. Grows slower with depth; `after` does not. */
        skip?: number;
        /** @description The page begins behind this row: an id where the sort is by `ID`, else the value that `Link` gives. Excludes `skip`. */
        after?: string;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description The next page, if this one has been cut short.
           * @example <…>; rel="next"
           */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Scope'][];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
        'application/json': components['schemas']['CreateScope'];
      };
    };
    responses: {
      /** @description The device type has been created. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedScope'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Count'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Scope'];
        };
      };
      /** @description The response is the one that `If-None-Match` names. The body is empty. */
      304: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
    requestBody?: {
      content: {
        'application/json': components['schemas']['UpdateScope'];
      };
    };
    responses: {
      /** @description The device type has been updated. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  deleteDeviceType: {
    parameters: {
      query?: {
        /** @description Accepted for clients of DeviceHive. Nothing can prevent a deletion, so both do the same. */
        force?: boolean;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  listUsers: {
    parameters: {
      query?: {
        /** @description The login, exactly but for case. */
        login?: string;
        /** @description An SQL LIKE pattern of the login, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `login`. */
        loginPattern?: string;
        /** @description Only users of this role. */
        role?: components['schemas']['UserRole'];
        /** @description Only users of this status. */
        status?: components['schemas']['UserStatus'];
        /** @description What to sort by: `ID` or `Login`, in any case. Absent: `ID`. */
        sortField?: string;
        /** @description The direction of the sort: `ASC` or `DESC`, in any case. Absent: `ASC`. */
        sortOrder?: string;
        /** @description How many at most. Absent: 100. A page also ends before its body exceeds 8 MiB. */
        take?: number;
        /** @description How many to leave out from the start. Grows slower with depth; `after` does not. */
        skip?: number;
        /** @description The page begins behind this row: an id where the sort is by `ID`, else the value that `Link` gives. Excludes `skip`. */
        after?: string;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
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
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
        'application/json': components['schemas']['CreateUser'];
      };
    };
    responses: {
      /** @description The user has been created. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Where the user is.
           * @example /user/7
           */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedUser'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  countUsers: {
    parameters: {
      query?: {
        /** @description The login, exactly but for case. */
        login?: string;
        /** @description An SQL LIKE pattern of the login, ignoring case: `%` any text, `_` any character; `\` escapes them and itself, and stands for itself before anything else. Wins over `login`. */
        loginPattern?: string;
        /** @description Only users of this role. */
        role?: components['schemas']['UserRole'];
        /** @description Only users of this status. */
        status?: components['schemas']['UserStatus'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Count'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['User'];
        };
      };
      /** @description The response is the one that `If-None-Match` names. The body is empty. */
      304: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
    requestBody?: {
      content: {
        'application/json': components['schemas']['UpdateUser'];
      };
    };
    responses: {
      /** @description The user has been updated. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
    requestBody?: {
      content: {
        'application/merge-patch+json': components['schemas']['PatchUser'];
      };
    };
    responses: {
      /** @description The user has been updated. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['User'];
        };
      };
      /** @description The response is the one that `If-None-Match` names. The body is empty. */
      304: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description Changes with everything that the response shows. The part before the hyphen counts changes of the record.
           * @example "7.3-mk0lq2vc"
           */
          ETag?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
    requestBody?: {
      content: {
        'application/json': components['schemas']['UpdateUser'];
      };
    };
    responses: {
      /** @description The user has been updated. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
    requestBody?: {
      content: {
        'application/merge-patch+json': components['schemas']['PatchUser'];
      };
    };
    responses: {
      /** @description The user has been updated. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  getUserNetwork: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
        /** @description The id of a network. */
        networkId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The network. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserNetwork'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  assignNetwork: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
        /** @description The id of a network. */
        networkId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user has it. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  unassignNetwork: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
        /** @description The id of a network. */
        networkId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user does not have it. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Scope'][];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  getUserDeviceType: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
        /** @description The id of a device type. */
        deviceTypeId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The device type. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserDeviceType'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  assignDeviceType: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
        /** @description The id of a device type. */
        deviceTypeId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user has it. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  unassignDeviceType: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
        /** @description The id of a device type. */
        deviceTypeId: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The user does not have it. The body is empty. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
        'application/json': components['schemas']['SignIn'];
      };
    };
    responses: {
      /** @description Signed in. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TokenPair'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
        'application/json': components['schemas']['RefreshToken'];
      };
    };
    responses: {
      /** @description A new access token. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RefreshedTokens'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
        'application/json': components['schemas']['CreateToken'];
      };
    };
    responses: {
      /** @description The tokens. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TokenPair'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
        'application/json': components['schemas']['RevokeToken'];
      };
    };
    responses: {
      /** @description The token is not valid any more. The body is empty. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  introspectToken: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['IntrospectToken'];
      };
    };
    responses: {
      /** @description The state of the token. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description For how long it may be kept.
           * @example private, max-age=1
           */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Introspection'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  listOwnSessions: {
    parameters: {
      query?: {
        /** @description `others`: instead, the sessions that the user has created for other users. */
        createdFor?: 'others';
        /** @description How many at most. Absent: 100. */
        take?: number;
        /** @description The id of a session: the page begins behind it. */
        after?: string;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'][];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  listSessions: {
    parameters: {
      query?: {
        /** @description `others`: instead, the sessions that the user has created for other users. */
        createdFor?: 'others';
        /** @description How many at most. Absent: 100. */
        take?: number;
        /** @description The id of a session: the page begins behind it. */
        after?: string;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'][];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  revokeSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of a user. */
        id: number;
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description For how long they may be kept.
           * @example public, max-age=300
           */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Jwks'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  getAuthorizationServer: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description About the issuer. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description For how long it may be kept.
           * @example public, max-age=300
           */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Discovery'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  getOpenidConfiguration: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description About the issuer. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          /**
           * @description For how long it may be kept.
           * @example public, max-age=300
           */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Discovery'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConfigurationValue'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
  setConfiguration: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The name of a setting, without the words `secret`, `password`, `private` in any case. */
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SetConfiguration'];
      };
    };
    responses: {
      /** @description The setting as it is now. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConfigurationValue'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content?: never;
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Info'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CacheInfo'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
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
          'X-Request-Id': components['headers']['X-Request-Id'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      '4XX': components['responses']['Error'];
      default: components['responses']['Error'];
    };
  };
}

/** A right, by number: 0 `*`, 1 `None`, 2 `GetNetwork`, 3 `GetDevice`, 4 `GetDeviceNotification`, 5 `GetDeviceCommand`, 6 `RegisterDevice`, 7 `CreateDeviceCommand`, 8 `UpdateDeviceCommand`, 9 `CreateDeviceNotification`, 10 `GetCurrentUser`, 11 `UpdateCurrentUser`, 12 `ManageUser`, 13 `ManageConfiguration`, 14 `ManageNetwork`, 15 `ManageToken`, 16 `ManagePlugin`, 17 `GetDeviceType`, 18 `ManageDeviceType`. */
export const Action = {
  AnyAction: 0,
  NoAction: 1,
  GetNetwork: 2,
  GetDevice: 3,
  GetDeviceNotification: 4,
  GetDeviceCommand: 5,
  RegisterDevice: 6,
  CreateDeviceCommand: 7,
  UpdateDeviceCommand: 8,
  CreateDeviceNotification: 9,
  GetCurrentUser: 10,
  UpdateCurrentUser: 11,
  ManageUser: 12,
  ManageConfiguration: 13,
  ManageNetwork: 14,
  ManageToken: 15,
  ManagePlugin: 16,
  GetDeviceType: 17,
  ManageDeviceType: 18,
} as const;
/** A right, by number: 0 `*`, 1 `None`, 2 `GetNetwork`, 3 `GetDevice`, 4 `GetDeviceNotification`, 5 `GetDeviceCommand`, 6 `RegisterDevice`, 7 `CreateDeviceCommand`, 8 `UpdateDeviceCommand`, 9 `CreateDeviceNotification`, 10 `GetCurrentUser`, 11 `UpdateCurrentUser`, 12 `ManageUser`, 13 `ManageConfiguration`, 14 `ManageNetwork`, 15 `ManageToken`, 16 `ManagePlugin`, 17 `GetDeviceType`, 18 `ManageDeviceType`. */
export type Action = components['schemas']['Action'];
/** What happened. */
export const EventType = {
  UserCreated: 'hivegate.user.created',
  UserUpdated: 'hivegate.user.updated',
  UserDeleted: 'hivegate.user.deleted',
  UserLockedOut: 'hivegate.user.lockedOut',
  UserUnlocked: 'hivegate.user.unlocked',
  UserSourceAdded: 'hivegate.user.sourceAdded',
  SessionCreated: 'hivegate.session.created',
  SessionRevoked: 'hivegate.session.revoked',
  SignInSucceeded: 'hivegate.signIn.succeeded',
  SignInFailed: 'hivegate.signIn.failed',
  NetworkCreated: 'hivegate.network.created',
  NetworkUpdated: 'hivegate.network.updated',
  NetworkDeleted: 'hivegate.network.deleted',
  DeviceTypeCreated: 'hivegate.deviceType.created',
  DeviceTypeUpdated: 'hivegate.deviceType.updated',
  DeviceTypeDeleted: 'hivegate.deviceType.deleted',
  AssignmentCreated: 'hivegate.assignment.created',
  AssignmentChanged: 'hivegate.assignment.changed',
  AssignmentDeleted: 'hivegate.assignment.deleted',
  ConfigurationSet: 'hivegate.configuration.set',
  ConfigurationDeleted: 'hivegate.configuration.deleted',
  KeyCreated: 'hivegate.key.created',
  KeyRevoked: 'hivegate.key.revoked',
  ServiceRestored: 'hivegate.service.restored',
  ServiceImported: 'hivegate.service.imported',
  ServiceExported: 'hivegate.service.exported',
} as const;
/** What happened. */
export type EventType = components['schemas']['EventType'];
/** 0: administrator, 1: client. */
export const UserRole = {
  Administrator: 0,
  Client: 1,
} as const;
/** 0: administrator, 1: client. */
export type UserRole = components['schemas']['UserRole'];
/** 0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked. */
export const UserStatus = {
  Active: 0,
  LockedOut: 1,
  Disabled: 2,
} as const;
/** 0: active, 1: locked out, 2: disabled. An active user can sign in, and from sources that it knows also one whom failed logins have set to 1: open sessions go on then. If an administrator sets 1 or 2, all sessions are revoked. */
export type UserStatus = components['schemas']['UserStatus'];
