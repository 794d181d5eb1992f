import type { components, operations } from './schema.js';

type Schemas = components['schemas'];
type QueryOf<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>;

/** A user as `GET /user/{id}` shows it. */
export type User = Schemas['User'];
/** A user as the list of users shows it: without its networks. */
export type ListedUser = Schemas['ListedUser'];
/** What the service returns of a user who has just been created. */
export type CreatedUser = Schemas['CreatedUser'];
/** A new user: `login`, `role` and `password` are required. */
export type CreateUser = Schemas['CreateUser'];
/** Changes of a user: what is absent stays as it is. */
export type UpdateUser = Schemas['UpdateUser'];
/** A JSON merge patch of a user: `data` is merged, member by member. */
export type PatchUser = Schemas['PatchUser'];
/** A network or a device type. */
export type Scope = Schemas['Scope'];
/** An event, as a CloudEvent. */
export type Event = Schemas['Event'];
/** An open session of a user. */
export type UserSession = Schemas['Session'];

/** The order of a list. The service takes both in any case; the document can say that only by a pattern. */
interface Order<Field extends string> {
  /** What to sort by; default `ID`. */
  readonly sortField?: Field;
  /** The direction; default `ASC`. */
  readonly sortOrder?: 'ASC' | 'DESC';
}
type Ordered<Query, Field extends string> = Omit<Query, keyof Order<Field>> & Order<Field>;

/** Which users to list, and in which order. `take` is the size of a page, not of the list. */
export type UserQuery = Ordered<QueryOf<'listUsers'>, 'ID' | 'Login'>;
/** Which networks to list, and in which order. `take` is the size of a page, not of the list. */
export type NetworkQuery = Ordered<QueryOf<'listNetworks'>, 'ID' | 'Name'>;
/** Which device types to list, and in which order. `take` is the size of a page, not of the list. */
export type DeviceTypeQuery = Ordered<QueryOf<'listDeviceTypes'>, 'ID' | 'Name'>;
/** Which events to list, oldest first. `take` is the size of a page, not of the list. */
export type EventQuery = QueryOf<'listEvents'>;
/** Which sessions to list, newest first. `take` is the size of a page, not of the list. */
export type SessionQuery = QueryOf<'listSessions'>;

/** The id of a user, or `current` for the caller. */
export type UserId = number | 'current';
