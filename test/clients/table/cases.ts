import type { Case } from './case.js';
import { SIGN_IN } from './sign-in.js';
import { UPDATES } from './updates.js';

/** All cases that every generated client runs through. */
export const CASES: readonly Case[] = [...SIGN_IN, ...UPDATES];
