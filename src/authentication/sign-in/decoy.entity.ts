import { Entity } from 'typeorm';
import { User } from '../../users/user.entity.js';

/**
 * A user row without a user. Attempts at unknown logins are counted here, so that they cost the database as much as
 * attempts at existing users. All decoys are disabled.
 */
@Entity('sign_in_decoys')
export class Decoy extends User {}

/** Number of decoys. All attempts at one unknown login use the same decoy, as attempts at a user use one row. */
export const DECOYS = 1000;
