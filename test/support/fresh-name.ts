import { randomBytes } from 'node:crypto';

/** A login or a name that no other test uses: `prefix` and twelve random digits. */
export const freshName = (prefix: string): string => `${prefix}-${randomBytes(6).toString('hex')}`;
