import type { components, operations } from './schema.js';

type Schemas = components['schemas'];
type QueryOf<Operation extends keyof operations> = NonNullable<operations[Operation]['parameters']['query']>;

/** A user as `GET /user/{id}` shows it. */
export type User = Schemas['PublishedUser'];
/** A user as the list of users shows it: without its networks. */
export type ListedUser = Schemas['ListedUser'];
/** What the service returns of a user who has just been created. */
export type CreatedUser = Schemas['SubmittedUser'];
/** A new user: `login`, `role` and `password` are required. */
export type CreateUser = Schemas['CreateUserDto'];
/** Changes of a user: what is absent stays as it is. */
export type UpdateUser = Schemas['UpdateUserDto'];
/** A JSON merge patch of a user: `data` is merged, member by member. */
export type PatchUser = Schemas['PatchUserDto'];
/** A network or a device type. */
export type Scope = Schemas['ScopeView'];
/** An event, as a CloudEvent. */
export type Event = Schemas['EventView'];
/** An open session of a user. */
export type UserSession = Schemas['SessionView'];

/** Which users to list, and in which order. `take` is the size of a page, not of the list. */
export type UserQuery = QueryOf<'listUsers'>;
/** Which networks to list, and in which order. `take` is the size of a page, not of the list. */
export type NetworkQuery = QueryOf<'listNetworks'>;
/** Which device types to list, and in which order. `take` is the size of a page, not of the list. */
export type DeviceTypeQuery = QueryOf<'listDeviceTypes'>;
/** Which events to list, oldest first. `take` is the size of a page, not of the list. */
export type EventQuery = QueryOf<'listEvents'>;
/** Which sessions to list, newest first. `take` is the size of a page, not of the list. */
export type SessionQuery = QueryOf<'listSessions'>;

/** The id of a user, or `current` for the caller. */
export type UserId = number | 'current';
