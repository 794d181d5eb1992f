import { Column, Entity } from 'typeorm';
import type { ScopeHolder } from '../access-scopes/scope-kind.js';
import { timestamp } from '../database/timestamp.js';
import { storedFields } from '../fields/stored-fields.js';
import { USER_FIELDS } from './user.fields.js';

/**
 * A user as it is stored: the declared fields that have a column (user.fields.ts), and what the service itself keeps.
 * It never leaves the service: responses show a view (user.view.ts).
 */
@Entity('users')
export class User extends storedFields(USER_FIELDS) {
  /** The login as it is compared, sorted and searched: in lower case, unique. */
  @Column('text', { name: 'login_key' })
  loginKey!: string;

  /** bcrypt, or an imported hash until the next sign-in. */
  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  /** Failed logins since the last success, each counted before its password is compared. */
  @Column('int', { name: 'login_attempts', default: 0 })
  loginAttempts!: number;

  /** Until when a lockout, or the pause before the next login attempt, lasts; null: it does not expire. */
  @Column('bigint', { name: 'blocked_until', nullable: true, transformer: timestamp })
  blockedUntil!: Date | null;

  /** The last login attempt, successful or not. */
  @Column('bigint', { name: 'guessed_at', nullable: true, transformer: timestamp })
  attemptedAt!: Date | null;

  /** Counts the passwords. A refresh token that was issued under an earlier one is rejected. */
  @Column('int', { name: 'token_generation', default: 0 })
  tokenGeneration!: number;

  /** Counts the changes of what is published, sign-ins aside; the entity tag. */
  @Column('int', { default: 1 })
  version!: number;
}

/** What of a user decides which scopes it has access to. */
export function holderOf({ id: userId, role, allDeviceTypesAvailable }: User): ScopeHolder {
  return { userId, role, allDeviceTypesAvailable };
}

/** A login in the form in which two are compared: its alphabet is ASCII, so lower case is enough. */
export const loginKeyOf = (login: string): string => login.trim().toLowerCase();
