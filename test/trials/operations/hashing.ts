import pLimit from 'p-limit';

/**
 * Sends what has a password hashed. More at once would have to wait, and some be told so (503): right, and not what
 * those who use this try.
 */
export const hashing = pLimit(8);
