import type { Case } from './case.js';
import { CONDITIONS } from './conditions.js';
import { ERRORS } from './errors.js';
import { LISTS } from './lists.js';
import { OPERATION } from './operation.js';
import { SCOPES } from './scopes.js';
import { SESSIONS } from './sessions.js';
import { SIGN_IN } from './sign-in.js';
import { TOKENS } from './tokens.js';
import { UPDATES } from './updates.js';
import { USERS } from './users.js';

/** All cases that every generated client runs through. */
export const CASES: readonly Case[] = [
  ...SIGN_IN,
  ...USERS,
  ...UPDATES,
  ...CONDITIONS,
  ...LISTS,
  ...SCOPES,
  ...SESSIONS,
  ...TOKENS,
  ...OPERATION,
  ...ERRORS,
];
