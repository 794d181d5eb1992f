import type { Command } from './command.js';

/** The command that runs when no command is named. */
export const DEFAULT_COMMAND = 'serve';

/** Every command of the program, in the order in which `--help` lists them. Help texts are written from this table. */
export const COMMANDS: readonly Command[] = [
  {
    name: DEFAULT_COMMAND,
    synopsis: '',
    summary: 'start the service; also without a command',
    details: 'Migrates the database first. SIGTERM and SIGINT stop the service.',
    load: async () => (await import('./serve.js')).serve,
  },
  {
    name: 'users list',
    synopsis: '[--json]',
    summary: 'list all users',
    details:
      'Shows id, login, role, status and last sign-in, oldest user first. --json: one JSON object per line, with\n' +
      'role and status as the API has them.',
    load: async () => (await import('./users.js')).list,
  },
  {
    name: 'users set-password',
    synopsis: '<login>',
    summary: 'set a new password and end all sessions of the user',
    details:
      'Asks for the password twice on a terminal; else reads the first line of standard input. Also clears the\n' +
      'failed logins, and a lockout by them. What an administrator has set stays: locked out, or disabled.',
    load: async () => (await import('./users.js')).setPassword,
  },
  {
    name: 'users unlock',
    synopsis: '<login> [--source <address>]',
    summary: 'end a lockout and clear the failed logins',
    details:
      'Ends a lockout of either kind: by failed logins, or by an administrator. --source: the user can sign in from\n' +
      'this address, however many logins fail elsewhere.',
    load: async () => (await import('./users.js')).unlock,
  },
  {
    name: 'users disable',
    synopsis: '<login>',
    summary: 'disable a user and end all sessions of the user',
    details: 'The last active administrator cannot be disabled.',
    load: async () => (await import('./users.js')).disable,
  },
  {
    name: 'users end-sessions',
    synopsis: '<login>',
    summary: 'end all sessions of a user',
    details: 'Also ends those that the user has created for others.',
    load: async () => (await import('./users.js')).endSessions,
  },
  {
    name: 'keys list',
    synopsis: '',
    summary: 'list the signing keys',
    load: async () => (await import('./keys.js')).list,
  },
  {
    name: 'keys rotate',
    synopsis: '[--now | --in <seconds>]',
    summary: 'publish a new key, which signs from 15 minutes later on',
    details: '--now: it signs at once, for when a key has leaked. --in: it signs after so many seconds.',
    load: async () => (await import('./keys.js')).rotate,
  },
  {
    name: 'keys revoke',
    synopsis: '<kid>',
    summary: 'revoke a key: its tokens are rejected',
    load: async () => (await import('./keys.js')).revoke,
  },
  {
    name: 'backup',
    synopsis: '<file>',
    summary: 'write all data to a new file',
    details: 'The file is for its owner only. It holds password hashes and signing keys.',
    load: async () => (await import('./backup.js')).backup,
  },
  {
    name: 'restore',
    synopsis: '<file> [--keep-tokens] [--times <n>]',
    summary: 'load a backup into a new database and end all sessions',
    details:
      'DATABASE_URL names the new database, of either kind. The service must not have been started on it.\n' +
      'Every token from before is rejected, and users sign in again. --keep-tokens: the sessions of the backup go on,\n' +
      'also those that were revoked after it was taken; for a move to another database.\n' +
      'New ids are greater than all that the service has given since the backup. --times: the same file is restored for\n' +
      'the n-th time, and the service has run on each restored database.',
    load: async () => (await import('./restore.js')).restore,
  },
];
