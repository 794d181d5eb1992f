import { Entity } from 'typeorm';
import { User } from '../../users/user.entity.js';

/**
 * The row of a user that there is not. A guess at a login that nobody has is counted here, so that it costs the
 * database exactly what one at a user costs. All of them are disabled.
 */
@Entity('sign_in_decoys')
export class Decoy extends User {}

/** How many there are. Guesses at one login share one, as those at a user share its row. */
export const DECOYS = 1000;
