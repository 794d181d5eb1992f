import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Action } from '../authorization/action.js';
import type { Grant, Ids } from '../authorization/grant.js';
import type { SessionKind } from '../authorization/principal.js';
import { timestamp } from '../database/timestamp.js';
import { unreadableTexts } from '../database/unreadable-texts.js';
import { readJson } from '../text/read-json.js';

/**
 * Stores a value as JSON text, null as null. A stored text that is no such value, which something else has written,
 * counts as `unreadable`: nothing is allowed by it.
 */
const json = <T>(isOne: (value: unknown) => boolean, unreadable: T) => ({
  to: (value: T) => (value === null ? null : JSON.stringify(value)),
  from: (stored: unknown): T | null => {
    // A query may leave the column out.
    if (stored === null || stored === undefined) return null;
    const value = readJson(stored);
    if (isOne(value)) return value as T;
    unreadableTexts.report(
      'The rights of a session, or its rotations,',
      'they are not readable, and allow nothing',
    );
    return unreadable;
  },
});

const isListOf = (isItem: (item: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(isItem);
const isRotation = (item: unknown): boolean => {
  const { number, at, source } = (item ?? {}) as Partial<Rotation>;
  return Number.isInteger(number) && Number.isFinite(at) && typeof source === 'string';
};

const actions = json<readonly Action[]>(isListOf(Number.isInteger), [Action.None]);
const ids = json<Ids | null>((value) => value === '*' || isListOf(Number.isInteger)(value), null);
/** With this one, the session has given no refresh token that is used (refresh-rotation.ts). */
const NO_REFRESH_TOKEN: Rotation = { number: -1, at: 0, source: '' };
const rotations = json<readonly Rotation[]>(isListOf(isRotation), [NO_REFRESH_TOKEN]);

/** The address of a session that a command has started. */
export const NO_ADDRESS = '';

/** A refresh token that has replaced another one (contract.md §5, `REFRESH_ROTATION`). */
export interface Rotation {
  /** The number of the refresh token in its session; the first one, which replaced none, has 0. */
  readonly number: number;
  /** When it was issued, in milliseconds since 1970. */
  readonly at: number;
  /** The source of the request that it was issued to. */
  readonly source: string;
}

/**
 * A session: what a sign-in, a `POST /token/create` or `hivegate tokens create` starts (contract.md §5, §10). Its rights and its end never change. A
 * row is changed only by a transaction that has locked the row of its user, or of the user who created it.
 */
@Entity('sessions')
export class Session {
  /** A random UUID, the `sid` of the tokens. */
  @PrimaryColumn('text')
  id!: string;

  @Column('int', { name: 'user_id' })
  userId!: number;

  /** Whether a sign-in or `POST /token/create` started it. */
  @Column('text')
  kind!: SessionKind;

  /** What a created session is for, in the words of its creator. */
  @Column('text', { nullable: true })
  label!: string | null;

  /** The session with which this one ends: it created it, for its own user or as a created session itself. */
  @Column('text', { name: 'parent_id', nullable: true })
  parentId!: string | null;

  /** The user who created it: its own, or an administrator. Null: a sign-in, or a command has created it. */
  @Column('int', { name: 'created_by', nullable: true })
  createdBy!: number | null;

  /**
   * The administrator who created it for another user, or who so created a session that it descends from: the `act` of
   * its tokens. Null: nobody acts for the user.
   */
  @Column('int', { name: 'acting_id', nullable: true })
  actingId!: number | null;

  /**
   * Whether it stands for tokens of the original, or descends from such a session (contract.md §9): it is for clients
   * only, and sets a new password only with the old one.
   */
  @Column('boolean', { name: 'from_original', default: false })
  fromOriginal!: boolean;

  /** The sign-in, or the `POST /token/create`. */
  @Column('bigint', { name: 'created_at', transformer: timestamp })
  createdAt!: Date;

  /** The last sign-in or refresh. */
  @Column('bigint', { name: 'last_used_at', transformer: timestamp })
  lastUsedAt!: Date;

  /** No token of the session expires later. */
  @Column('bigint', { name: 'expires_at', transformer: timestamp })
  expiresAt!: Date;

  /** When the last access token of the session expires. */
  @Column('bigint', { name: 'access_expires_at', transformer: timestamp })
  accessExpiresAt!: Date;

  /** When it was revoked. Null: it was not. */
  @Column('bigint', { name: 'revoked_at', nullable: true, transformer: timestamp })
  revokedAt!: Date | null;

  /** When the row may be deleted: the end of the session, or when it is revoked {@link accessExpiresAt}. */
  @Column('bigint', { name: 'removable_at', transformer: timestamp })
  removableAt!: Date;

  /** The client's IP address at the start, or {@link NO_ADDRESS}. */
  @Column('text')
  address!: string;

  /** The `User-Agent` at the start, cut short. */
  @Column('text', { name: 'user_agent', nullable: true })
  userAgent!: string | null;

  /** What its tokens allow at most; each is narrowed to what the user may do at the time. */
  @Column('text', { transformer: actions })
  actions!: readonly Action[];

  /** The networks of its tokens. Null: none. */
  @Column('text', { name: 'network_ids', nullable: true, transformer: ids })
  networkIds!: Ids | null;

  /** The device types of its tokens. Null: none. */
  @Column('text', { name: 'device_type_ids', nullable: true, transformer: ids })
  deviceTypeIds!: Ids | null;

  /** The refresh tokens that may still be asked for again, in the order of their numbers. */
  @Column('text', { transformer: rotations })
  rotations!: readonly Rotation[];
}

/** Returns the rights that the first tokens of a session carried. */
export function grantOfSession({ actions, networkIds, deviceTypeIds }: Session): Grant {
  return {
    actions,
    ...(networkIds && { networks: networkIds }),
    ...(deviceTypeIds && { deviceTypes: deviceTypeIds }),
  };
}

/** Whether a session is neither revoked nor expired. */
export const isOpen = ({ revokedAt, expiresAt }: Pick<Session, 'revokedAt' | 'expiresAt'>): boolean =>
  revokedAt === null && expiresAt.getTime() > Date.now();
