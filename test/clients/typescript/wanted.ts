/*
 * The types as users of a generated client should find them. Each driver has the compiler compare its generated types
 * with these: a read-only member has the type of the response, a role is one of its values, an error is one type.
 */

export type WantedRole = 0 | 1;
export type WantedStatus = 0 | 1 | 2;
export type WantedAction = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18;

/** The names of the roles, where a client has constants for them. */
export interface WantedRoles {
  readonly AdministratorRole: 0;
  readonly ClientRole: 1;
}

/** The names of the statuses. */
export interface WantedStatuses {
  readonly ActiveStatus: 0;
  readonly LockedOutStatus: 1;
  readonly DisabledStatus: 2;
}

export interface WantedScope {
  id: number;
  name: string;
  description: string | null;
}

export interface WantedListedUser {
  id: number;
  login: string;
  role: WantedRole;
  status: WantedStatus;
  lastLogin: string | null;
  data: Record<string, unknown> | null;
  introReviewed: boolean;
  allDeviceTypesAvailable: boolean;
}

export interface WantedUser extends WantedListedUser {
  networks: WantedScope[];
}

export interface WantedUpdate {
  id?: number;
  login?: string;
  role?: WantedRole;
  password?: string;
  oldPassword?: string;
  status?: WantedStatus;
  lastLogin?: string | null;
  data?: Record<string, unknown> | null;
  introReviewed?: boolean;
  allDeviceTypesAvailable?: boolean;
  networks?: WantedScope[];
}

export interface WantedCreation extends Omit<WantedUpdate, 'oldPassword' | 'login' | 'password' | 'role'> {
  login: string;
  password: string;
  role: WantedRole;
}

export interface WantedSession {
  id: string;
  kind: 'signIn' | 'created';
  label: string | null;
  createdBy: number | null;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  address: string | null;
  userAgent: string | null;
  actions: WantedAction[];
  networkIds: (number | '*')[];
  deviceTypeIds: (number | '*')[];
  current: boolean;
}

export interface WantedError {
  error: number;
  message: string;
  details?: { field: string; message: string }[];
}

/** The generated types that a driver has compared, by the names above. */
export interface Wanted {
  user: WantedUser;
  listedUser: WantedListedUser;
  creation: WantedCreation;
  update: WantedUpdate;
  patch: WantedUpdate;
  scope: WantedScope;
  session: WantedSession;
  error: WantedError;
  /** Every error that an operation can have, whatever its status. */
  anyError: WantedError;
}

/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- so the compiler compares for identity */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

/** `true` for each type of a client that is the wanted one, member by member. */
export type Comparison<Generated extends { [Name in keyof Wanted]: unknown }> = {
  [Name in keyof Wanted]: Same<Flat<Generated[Name]>, Flat<Wanted[Name]>>;
};

/** The type with its members written out, and no trace of how it was composed. */
type Flat<T> = T extends readonly (infer Item)[]
  ? Flat<Item>[]
  : T extends object
    ? { [Name in keyof T]: Flat<T[Name]> }
    : T;

/** Compiles only if all of a comparison is true. */
export type AllSame = { [Name in keyof Wanted]: true };
