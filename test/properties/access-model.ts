import { isDeepStrictEqual } from 'node:util';

/*
 * The rules of contract.md §2 and §3, written down a second time and in another way: nothing here comes from src,
 * so that a mistake there cannot repeat itself here.
 */

/** The actions by name (contract.md §1). */
export const ACTIONS = {
  '*': 0,
  None: 1,
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
type ActionName = keyof typeof ACTIONS;

/** Every action by number. */
export const ALL_ACTIONS: readonly number[] = Object.values(ACTIONS);
const NOT_FOR_CLIENTS: readonly number[] = [0, 1, 12, 13, 14, 18];

/** The actions that a role may have. */
export const actionsOfRole = (role: number): readonly number[] =>
  role === 0 ? ALL_ACTIONS : ALL_ACTIONS.filter((action) => !NOT_FOR_CLIENTS.includes(action));

/** Whether a token with `actions` lets a user of `role` do one of `wanted`. */
export const carries = (actions: readonly number[], role: number, wanted: readonly number[]): boolean =>
  wanted.length === 0 ||
  wanted.some(
    (action) => actionsOfRole(role).includes(action) && (actions.includes(0) || actions.includes(action)),
  );

/** One row of the table of contract.md §2. */
export interface Rule {
  /** Any one of these; none: the route needs no action. */
  readonly actions: readonly number[];
  /** Any one of these for the record of another user, if that needs other actions. */
  readonly another?: readonly number[];
  /** `own`: administrators, and clients for their own record. */
  readonly who: 'anyone' | 'signed in' | 'own' | 'administrators';
  /** The status of its success. */
  readonly success: number;
}

const row = (success: number, who: Rule['who'], ...actions: ActionName[]): Rule => ({
  success,
  who,
  actions: actions.map((name) => ACTIONS[name]),
});

/** A row that names one action for one's own record, and ManageUser for another's. */
const ownRow = (success: number, own: ActionName): Rule => ({
  ...row(success, 'own', own),
  another: [ACTIONS.ManageUser],
});

/** Every route, parameters written as `{}`. */
// prettier-ignore
export const RULES: Readonly<Record<string, Rule>> = {
  'GET /user':                      row(200, 'administrators', 'ManageUser'),
  'GET /user/count':                row(200, 'administrators', 'ManageUser'),
  'POST /user':                     row(201, 'administrators', 'ManageUser'),
  'DELETE /user/{}':                row(204, 'administrators', 'ManageUser'),
  'GET /user/{}':                   ownRow(200, 'GetCurrentUser'),
  'GET /user/current':              row(200, 'signed in',      'GetCurrentUser'),
  'PUT /user/{}':                   row(204, 'own',            'UpdateCurrentUser', 'ManageUser'),
  'PUT /user/current':              row(204, 'own',            'UpdateCurrentUser', 'ManageUser'),
  'PATCH /user/{}':                 row(204, 'own',            'UpdateCurrentUser', 'ManageUser'),
  'PATCH /user/current':            row(204, 'own',            'UpdateCurrentUser', 'ManageUser'),
  'GET /user/{}/session':           ownRow(200, 'GetCurrentUser'),
  'GET /user/current/session':      ownRow(200, 'GetCurrentUser'),
  'DELETE /user/{}/session':        ownRow(204, 'UpdateCurrentUser'),
  'DELETE /user/{}/session/{}':     ownRow(204, 'UpdateCurrentUser'),
  'DELETE /user/current/session':   ownRow(204, 'UpdateCurrentUser'),
  'DELETE /user/current/session/{}': ownRow(204, 'UpdateCurrentUser'),
  'GET /user/{}/network/{}':        row(200, 'own',            'GetNetwork', 'ManageNetwork'),
  'PUT /user/{}/network/{}':        row(204, 'administrators', 'ManageNetwork'),
  'DELETE /user/{}/network/{}':     row(204, 'administrators', 'ManageNetwork'),
  'GET /user/{}/devicetype':        row(200, 'administrators', 'ManageDeviceType'),
  'GET /user/{}/devicetype/{}':     row(200, 'own',            'GetDeviceType', 'ManageDeviceType'),
  'PUT /user/{}/devicetype/{}':     row(204, 'administrators', 'ManageDeviceType'),
  'DELETE /user/{}/devicetype/{}':  row(204, 'administrators', 'ManageDeviceType'),
  'PUT /user/{}/devicetype/all':    row(204, 'administrators', 'ManageDeviceType'),
  'DELETE /user/{}/devicetype/all': row(204, 'administrators', 'ManageDeviceType'),
  'GET /network':                   row(200, 'signed in',      'GetNetwork'),
  'GET /network/count':             row(200, 'signed in',      'GetNetwork'),
  'GET /network/{}':                row(200, 'signed in',      'GetNetwork'),
  'POST /network':                  row(201, 'administrators', 'ManageNetwork'),
  'PUT /network/{}':                row(204, 'administrators', 'ManageNetwork'),
  'DELETE /network/{}':             row(204, 'administrators', 'ManageNetwork'),
  'GET /devicetype':                row(200, 'signed in',      'GetDeviceType'),
  'GET /devicetype/count':          row(200, 'signed in',      'GetDeviceType'),
  'GET /devicetype/{}':             row(200, 'signed in',      'GetDeviceType'),
  'POST /devicetype':               row(201, 'administrators', 'ManageDeviceType'),
  'PUT /devicetype/{}':             row(204, 'administrators', 'ManageDeviceType'),
  'DELETE /devicetype/{}':          row(204, 'administrators', 'ManageDeviceType'),
  'GET /configuration/{}':          row(200, 'administrators', 'ManageConfiguration'),
  'PUT /configuration/{}':          row(200, 'administrators', 'ManageConfiguration'),
  'DELETE /configuration/{}':       row(204, 'administrators', 'ManageConfiguration'),
  'POST /token':                    row(201, 'anyone'),
  'POST /token/refresh':            row(201, 'anyone'),
  'POST /token/revoke':             row(200, 'anyone'),
  'POST /token/introspect':         row(200, 'signed in'),
  'POST /token/create':             row(201, 'own',            'ManageToken'),
  'GET /event':                     row(200, 'administrators', 'ManageUser'),
  'GET /info':                      row(200, 'anyone'),
  'GET /info/cache':                row(200, 'anyone'),
  'GET /health/live':               row(200, 'anyone'),
  'GET /health/ready':              row(200, 'anyone'),
  'GET /.well-known/jwks.json':     row(200, 'anyone'),
  'GET /.well-known/oauth-authorization-server': row(200, 'anyone'),
  'GET /.well-known/openid-configuration': row(200, 'anyone'),
};

/** What a token is, apart from the rights that it carries. */
export type TokenKind =
  | 'good'
  | 'without a session'
  | 'of a session that is not there'
  | "of another user's session"
  | 'none'
  | 'garbage'
  | 'another scheme'
  | 'expired'
  | 'a refresh token'
  | 'of another key'
  | 'unsigned'
  | 'with the public key as a secret';

/** Who asks, as things stand now. */
export interface Caller {
  readonly token: TokenKind;
  /** What the token carries. */
  readonly actions: readonly number[];
  /** Undefined: the user has been deleted. */
  readonly user:
    | {
        readonly role: number;
        readonly status: number;
        /** Status 1 comes from failed logins; absent: an administrator has set it. */
        readonly byFailedLogins?: boolean;
      }
    | undefined;
  /** The session of the token has been revoked, or has expired. */
  readonly hasSessionEnded?: boolean;
}

/** An answer, as far as the contract fixes it. */
export interface Answer {
  readonly status: number;
  /** Undefined: the contract leaves the words open. */
  readonly message?: string | undefined;
}

const DENIED: Answer = { status: 403, message: 'Access is denied' };

/** The three checks of contract.md §2; undefined: the caller is let in. */
export function gate(rule: Rule, caller: Caller, isOwn: boolean): Answer | undefined {
  const { token, actions, user, hasSessionEnded = false } = caller;
  if (rule.who === 'anyone') return undefined;
  if (token === 'expired') return { status: 401, message: 'Token expired' };
  const mayAct = user?.status === 0 || (user?.status === 1 && user.byFailedLogins === true);
  if (token !== 'good' || !mayAct || hasSessionEnded) return { status: 401, message: 'Unauthorized' };
  if (!carries(actions, user.role, isOwn ? rule.actions : (rule.another ?? rule.actions))) return DENIED;
  const isAdministrator = user.role === 0;
  if (rule.who === 'administrators' && !isAdministrator) return DENIED;
  if (rule.who === 'own' && !isAdministrator && !isOwn) return DENIED;
  return undefined;
}

/** The fields of a user in requests (contract.md §3): `client` may be written in one's own record by a client. */
// prettier-ignore
const FIELDS: Readonly<Record<string, 'client' | 'administrator' | 'ignored'>> = {
  id:                      'ignored',
  login:                   'administrator',
  role:                    'administrator',
  status:                  'administrator',
  password:                'client',
  oldPassword:             'client',
  data:                    'client',
  introReviewed:           'administrator',
  allDeviceTypesAvailable: 'administrator',
  lastLogin:               'ignored',
  networks:                'ignored',
};

/** A user as far as a request can change it, and what its requests are judged by. */
export interface Record_ {
  readonly login: string;
  readonly role: number;
  readonly status: number;
  readonly password: string;
  /** JSON, as it was sent. */
  readonly data: string | null;
  readonly introReviewed: boolean;
  readonly allDeviceTypesAvailable: boolean;
  readonly failedAttempts: number;
}

/** What becomes of an update: one of the answers when it is refused, the record after it otherwise. */
export type Outcome =
  | { readonly refused: readonly Answer[] }
  | {
      readonly record: Record_;
      /** Whether the published record is another, so that its entity tag changes. */
      readonly isPublished: boolean;
      readonly hasNewPassword: boolean;
      /** Which sessions of the user end (contract.md §3). */
      readonly ends: 'none' | 'all' | 'all but the calling one';
    };

const LOGIN_LENGTH = 'Field cannot be empty. The length of login should be from 3 to 128 symbols.';
const LOGIN_ALPHABET =
  'Login can contain only lowercase or uppercase letters, numbers, and some special symbols (_@.)';
const invalid = (message?: string): Answer => ({ status: 400, message });

/**
 * PUT, or PATCH, of `body` to `target` (undefined: there is no such user) by one whom {@link gate} has let in.
 *
 * The contract fixes that the field policy comes before validation. Which of several other faults is told
 * is open: any that is there will do.
 */
export function update(
  body: unknown,
  {
    byAdministrator,
    isOwn,
    target,
    id,
    takenLogins,
    isPatch,
  }: {
    readonly byAdministrator: boolean;
    readonly isOwn: boolean;
    readonly target: Record_ | undefined;
    readonly id: number;
    /** In lower case, without the target's own. */
    readonly takenLogins: readonly string[];
    readonly isPatch: boolean;
  },
): Outcome {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { refused: [invalid()] };
  const sent = new Map<string, unknown>(Object.entries(body));
  const isOther = (name: string, value: unknown) =>
    !target || !isSame(name === 'login' && typeof value === 'string' ? value.trim() : value, name, target);
  if (
    !byAdministrator &&
    [...sent].some(([name, value]) => fieldKind(name) === 'administrator' && isOther(name, value))
  ) {
    return { refused: [{ status: 403, message: 'Admin permissions required for this action' }] };
  }
  const stored = parsed(target?.data ?? null);
  const sentData = sent.get('data');
  if (isPatch && isPlainObject(sentData)) sent.set('data', merge(stored, sentData));
  const faults = [...sent].flatMap(([name, value]) => faultsOf(name, value));
  if (!target) return { refused: [...faults, { status: 404, message: `User with id = ${id} not found` }] };

  const given = <T>(name: string, otherwise: T): T => (sent.has(name) ? (sent.get(name) as T) : otherwise);
  const sentLogin = sent.get('login');
  const login = typeof sentLogin === 'string' ? sentLogin.trim() : target.login;
  const password = sent.get('password');
  if (typeof password === 'string' && password.toLowerCase() === login.toLowerCase()) faults.push(invalid());
  if (takenLogins.includes(login.toLowerCase())) {
    faults.push({ status: 403, message: 'User with such login already exists. Please, select another one' });
  }
  const oldPassword = sent.get('oldPassword');
  if (typeof oldPassword === 'string' && oldPassword !== target.password) {
    faults.push({ status: 403, message: 'Invalid credentials' });
  }
  if (faults.length > 0) return { refused: faults };

  const data = sent.get('data');
  const hasNewPassword = sent.has('password');
  const status = given('status', target.status);
  const record = {
    login,
    role: given('role', target.role),
    status,
    password: given('password', target.password),
    data:
      data === undefined || isDeepStrictEqual(data, stored)
        ? target.data
        : data === null
          ? null
          : JSON.stringify(data),
    introReviewed: given('introReviewed', target.introReviewed),
    allDeviceTypesAvailable: given('allDeviceTypesAvailable', target.allDeviceTypesAvailable),
    failedAttempts:
      (byAdministrator && sent.get('status') === 0) || hasNewPassword ? 0 : target.failedAttempts,
  };
  const { failedAttempts: _, ...before } = target;
  const { failedAttempts: __, ...after } = record;
  const isBarred = status !== target.status && status !== 0;
  return {
    record,
    isPublished: hasNewPassword || JSON.stringify(after) !== JSON.stringify(before),
    hasNewPassword,
    ends: isBarred ? 'all' : !hasNewPassword ? 'none' : isOwn ? 'all but the calling one' : 'all',
  };
}

const isSame = (value: unknown, name: string, target: Record_) =>
  Object.hasOwn(target, name) && value === target[name as keyof Record_];

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396 §2. */
function merge(target: unknown, patch: unknown): unknown {
  if (!isPlainObject(patch)) return patch;
  const result = new Map<string, unknown>(isPlainObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, merge(result.get(name), value));
  }
  return Object.fromEntries(result);
}

const fieldKind = (name: string) => (Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined);

/** What is wrong with one field by itself. */
function faultsOf(name: string, value: unknown): Answer[] {
  if (fieldKind(name) === undefined) return [invalid('Invalid request parameters')];
  switch (name) {
    case 'login': {
      const login = typeof value === 'string' ? value.trim() : '';
      return [
        ...(login.length < 3 || login.length > 128 ? [invalid(LOGIN_LENGTH)] : []),
        ...(/[^A-Za-z0-9_@.-]/.test(login) ? [invalid(LOGIN_ALPHABET)] : []),
      ];
    }
    case 'role':
      return value === 0 || value === 1 ? [] : [invalid()];
    case 'status':
      return value === 0 || value === 1 || value === 2 ? [] : [invalid()];
    case 'password': {
      if (typeof value !== 'string') return [invalid()];
      const length = Array.from(value).length;
      if (length < 8 || length > 128) return [invalid('Password can contain only from 8 to 128 symbols!')];
      return WELL_KNOWN.includes(value) ? [invalid('Password is too common')] : [];
    }
    case 'oldPassword':
      return typeof value === 'string' ? [] : [invalid()];
    case 'data': {
      const isObject = typeof value === 'object' && !Array.isArray(value);
      return isObject && Buffer.byteLength(JSON.stringify(value)) <= 64 * 1024 ? [] : [invalid()];
    }
    case 'introReviewed':
    case 'allDeviceTypesAvailable':
      return typeof value === 'boolean' ? [] : [invalid()];
    // Ignored, if it is as responses have it.
    case 'id':
      return Number.isSafeInteger(value) && Number(value) > 0 ? [] : [invalid()];
    case 'lastLogin':
      return value === null || (typeof value === 'string' && TIMESTAMP.test(value)) ? [] : [invalid()];
    case 'networks':
      return Array.isArray(value) && value.every(isNetwork) ? [] : [invalid()];
    default:
      return [];
  }
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether a value is a network as responses have it. */
function isNetwork(value: unknown): boolean {
  const { id, name, description } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isText = (text: unknown) => typeof text === 'string';
  return (
    Number.isSafeInteger(id) &&
    Number(id) > 0 &&
    isText(name) &&
    (description === null || isText(description))
  );
}

/** Passwords that everybody knows. */
export const WELL_KNOWN = ['password1', 'qwertyuiop', 'iloveyou1'];
