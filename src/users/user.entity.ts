import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { Role, Status } from '../authorization/role.js';
import { timestamp } from '../database/timestamp.js';
import type { ScopeHolder } from '../access-scopes/scope-kind.js';

/** A user as it is stored. It never leaves the service: answers show a view (dto/user.view.ts). */
@Entity('users')
export class User {
  @PrimaryGeneratedColumn()
  id!: number;

  /** As it was chosen. */
  @Column('text')
  login!: string;

  /** As it is compared, sorted and searched: in lower case, unique. */
  @Column('text', { name: 'login_key' })
  loginKey!: string;

  /** bcrypt, or an imported hash until the next sign-in. */
  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  /** What the user is now; its tokens never give more. */
  @Column('int')
  role!: Role;

  /** Only an active user can sign in or use a token. */
  @Column('int')
  status!: Status;

  /** A JSON object as the text that was sent, or null. */
  @Column('text', { nullable: true })
  data!: string | null;

  /** Whether the user has seen the introduction. */
  @Column('boolean', { name: 'intro_reviewed', default: false })
  introReviewed!: boolean;

  /** Whether the user reaches every device type, whatever is assigned to it. */
  @Column('boolean', { name: 'all_device_types_available', default: true })
  allDeviceTypesAvailable!: boolean;

  /** The last sign-in or refresh. */
  @Column('bigint', { name: 'last_login', nullable: true, transformer: timestamp })
  lastLogin!: Date | null;

  /** Guesses since the last success, counted before each is compared. */
  @Column('int', { name: 'login_attempts', default: 0 })
  loginAttempts!: number;

  /** Until when a lockout, or the pause before the next guess, lasts; null: no end by time. See auth/lockout.ts. */
  @Column('bigint', { name: 'blocked_until', nullable: true, transformer: timestamp })
  blockedUntil!: Date | null;

  /** When a password of it was last guessed at, rightly or not. */
  @Column('bigint', { name: 'guessed_at', nullable: true, transformer: timestamp })
  guessedAt!: Date | null;

  /** Counts the passwords. A refresh token of an earlier one has ended. */
  @Column('int', { name: 'token_generation', default: 0 })
  tokenGeneration!: number;

  /** Counts the changes of what is published, sign-ins aside; the entity tag. */
  @Column('int', { default: 1 })
  version!: number;
}

/** Of a user, what decides which scopes it reaches. */
export function holderOf({ id: userId, role, allDeviceTypesAvailable }: User): ScopeHolder {
  return { userId, role, allDeviceTypesAvailable };
}

/** A login in the form in which two are compared: its alphabet is ASCII, so this is all there is to it. */
export const loginKeyOf = (login: string): string => login.trim().toLowerCase();
