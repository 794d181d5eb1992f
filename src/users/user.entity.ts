import { Column, Entity } from 'typeorm';
import type { ScopeHolder } from '../access-scopes/scope-kind.js';
import { timestamp } from '../database/timestamp.js';
import { storedFields } from '../fields/stored-fields.js';
import { USER_FIELDS } from './user.fields.js';

/**
 * The stored user: the declared fields that have a column (user.fields.ts), and internal columns. Never send it in a
 * response: responses contain views (user.view.ts).
 */
@Entity('users')
export class User extends storedFields(USER_FIELDS) {
  /** Normalized login for comparison, sorting and search: lower case, unique. */
  @Column('text', { name: 'login_key' })
  loginKey!: string;

  /** A bcrypt hash, or an imported hash that the next sign-in replaces. */
  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  /** Attempts from all sources that the user does not know, each counted before its password is compared. */
  @Column('int', { name: 'login_attempts', default: 0 })
  loginAttempts!: number;

  /** When the bucket of those attempts was filled; null: it is open. */
  @Column('bigint', { name: 'blocked_at', nullable: true, transformer: timestamp })
  blockedAt!: Date | null;

  /** Until when that bucket is closed, and the end of a lockout by failed logins; null: none, or it has no end. */
  @Column('bigint', { name: 'blocked_until', nullable: true, transformer: timestamp })
  blockedUntil!: Date | null;

  /** Whether failed logins have set status 1; false: an administrator has. False with any other status. */
  @Column('boolean', { name: 'locked_by_failed_logins', default: false })
  lockedByFailedLogins!: boolean;

  /** The last login attempt, successful or not. */
  @Column('bigint', { name: 'guessed_at', nullable: true, transformer: timestamp })
  attemptedAt!: Date | null;

  /** Incremented by each password change. Detects a change while a password is compared. */
  @Column('int', { name: 'token_generation', default: 0 })
  passwordVersion!: number;

  /** Whether tokens of the original have been ended for the user, for good (contract.md §9). */
  @Column('boolean', { name: 'original_tokens_ended', default: false })
  originalTokensEnded!: boolean;

  /** Incremented by each change of the published user, except `lastLogin`. Used as the entity tag. */
  @Column('int', { default: 1 })
  version!: number;
}

/** Returns the properties of a user that determine its access to scopes. */
export function holderOf({ id: userId, role, allDeviceTypesAvailable }: User): ScopeHolder {
  return { userId, role, allDeviceTypesAvailable };
}

/** Returns the normalized form of a login. Logins are ASCII, so lower case is enough. */
export const loginKeyOf = (login: string): string => login.trim().toLowerCase();
