import { namedEnum } from '../openapi/schemas.js';

/** Every type of event, with what it says (contract.md §10). The part before the dot is the thing that it is about. */
export const EVENT_TYPES = {
  'user.created': 'A user was created.',
  'user.updated': 'A user was updated. `fields` names what changed.',
  'user.deleted': 'A user was deleted, and its sessions and assignments with it.',
  'user.lockedOut':
    'A user was locked out by failed logins. `until` is when the lockout expires, if it does.',
  'user.unlocked':
    'The lockout of a user expired, or its failed logins were cleared. Setting `status` to 0 is `user.updated`.',
  'user.sourceAdded':
    'An operator made a source known to a user: failed logins from elsewhere do not count there.',
  'session.created':
    'A session was created: by `POST /token/create`, or by the first use of a token that a DeviceHive has issued.',
  'session.revoked': 'A session was revoked. `reason` says why.',
  'signIn.succeeded': 'A user signed in.',
  'signIn.failed': 'A login failed.',
  'network.created': 'A network was created.',
  'network.updated': 'A network was updated. `fields` names what changed.',
  'network.deleted': 'A network was deleted, and its assignments with it.',
  'deviceType.created': 'A device type was created.',
  'deviceType.updated': 'A device type was updated. `fields` names what changed.',
  'deviceType.deleted': 'A device type was deleted, and its assignments with it.',
  'assignment.created': 'A network or a device type was assigned to a user.',
  'assignment.changed':
    'An assignment of a user was created or deleted: earlier versions did not record which.',
  'assignment.deleted': 'A network or a device type was taken from a user.',
  'configuration.set': 'A configuration value was set.',
  'configuration.deleted': 'A configuration value was deleted.',
  'key.created': 'A signing key was created.',
  'key.revoked': 'A signing key was revoked.',
  'service.restored': 'The database was restored from a backup.',
  'service.imported': 'Users were imported. `users` says how many.',
  'service.exported': 'All users were exported, with the hashes of their passwords.',
} as const satisfies Readonly<Record<`${string}.${string}`, string>>;

/** One of {@link EVENT_TYPES}. */
export type EventType = keyof typeof EVENT_TYPES;

/** What precedes a type on the wire. */
const PREFIX = 'hivegate.';

/** Returns the `type` of a CloudEvent. */
export const wireTypeOf = (type: EventType): string => `${PREFIX}${type}`;

/** Every type as it is on the wire. */
export const WIRE_TYPES: readonly string[] = (Object.keys(EVENT_TYPES) as EventType[]).map(wireTypeOf);

/** The schema of a type on the wire in the OpenAPI document. */
export const EVENT_TYPE_SCHEMA = namedEnum({
  name: 'EventType',
  type: 'string',
  enum: WIRE_TYPES,
  description: 'What happened.',
  names: (Object.keys(EVENT_TYPES) as EventType[]).map((type) =>
    type.replaceAll(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  ),
});

/** Returns the type that {@link wireTypeOf} was given. */
export const storedTypeOf = (wireType: string): string => wireType.slice(PREFIX.length);
