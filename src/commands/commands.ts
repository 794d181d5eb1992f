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
      'Shows id, login, role, status and last sign-in, oldest user first. --json: one JSON object per line, with ' +
      'role and status as the API has them.',
    load: async () => (await import('./users.js')).list,
  },
  {
    name: 'users create',
    synopsis: '<login> [--role <role>] [--status <status>] [--no-password]',
    summary: 'create a user, and print its id',
    details:
      '--role: client (the default) or administrator. --status: active (the default), locked-out or disabled. Asks for the password twice on a terminal; ' +
      'else reads the first line of standard input. --no-password: the user cannot sign in; for a service, which has a token of tokens create.',
    load: async () => (await import('./create-user.js')).createUser,
  },
  {
    name: 'users set-password',
    synopsis: '<login>',
    summary: 'set a new password and end all sessions of the user',
    details:
      'Asks for the password twice on a terminal; else reads the first line of standard input. Also clears the ' +
      'failed logins, and a lockout by them. What an administrator has set stays: locked out, or disabled.',
    load: async () => (await import('./users.js')).setPassword,
  },
  {
    name: 'users unlock',
    synopsis: '<login> [--source <address>]',
    summary: 'end a lockout and clear the failed logins',
    details:
      'Ends a lockout of either kind: by failed logins, or by an administrator. --source: the user can sign in from ' +
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
    name: 'users export',
    synopsis: '[--format ndjson|csv] [--output <file>]',
    summary: 'write all users with their password hashes, as import users reads them',
    details:
      'To standard output, or to a new file for its owner only. It holds the hashes of all passwords: with it, ' +
      'passwords can be tried without limit. Own hashes of bcrypt are marked: they hash long passwords in their ' +
      'own way. A lockout by failed logins is left out; one by an administrator is not. Recorded as an event.',
    load: async () => (await import('./export-users.js')).exportUsers,
  },
  {
    name: 'tokens create',
    synopsis:
      '--user <login> --actions <action,...> [--networks <id,...>|*] [--device-types <id,...>|*] [--expires <when>] --label <text>',
    summary: 'create an access token for a service, and print it',
    details:
      'The token belongs to the user and to no administrator: it ends when it expires, when the user is disabled, deleted or has a new password, ' +
      'or when its session is revoked. --actions: names such as GetNetwork; * for all that the role of the user has. ' +
      '--networks, --device-types: ids, or * for all; none without them. The user must have every right that is named. ' +
      '--expires: a moment of ISO 8601, or a duration such as 90d, 12h or 30m, at most CREATED_TOKEN_MAX_TTL; 90d without it. ' +
      '--label: what it is for, shown with the session. The token is printed once, alone, on standard output. There is no refresh token.',
    load: async () => (await import('./create-token.js')).createToken,
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
      'DATABASE_URL names the new database, of either kind. The service must not have been started on it. ' +
      'Every token from before is rejected, and users sign in again. --keep-tokens: the sessions of the backup go on, ' +
      'also those that were revoked after it was taken; for a move to another database. ' +
      'New ids are greater than all that the service has given since the backup. --times: the same file is restored for ' +
      'the n-th time, and the service has run on each restored database.',
    load: async () => (await import('./restore.js')).restore,
  },
  {
    name: 'import devicehive',
    synopsis: '--from <postgres://user@host/database> [--password-file <file>] [--skip] [--dry-run]',
    summary: 'import the database of a DeviceHive into a new database',
    details:
      'Users, networks, device types, assignments and configuration, with their ids. DATABASE_URL names the new database, ' +
      'of either kind. The service must not have been started on it. The other database is only read. ' +
      'Its password comes from --password-file, PGPASSWORD, .pgpass (PGPASSFILE) or a prompt; never from --from, which ' +
      'others can see. ' +
      'Every row that cannot be imported unchanged is named on standard error, with the reason. --skip: imports the rest; else nothing is ' +
      'imported then. --dry-run: only says what would happen. Users with a default password of DeviceHive are disabled.',
    load: async () => (await import('./import-devicehive.js')).importDeviceHive,
  },
  {
    name: 'import users',
    synopsis:
      '<file> [--format ndjson|csv] [--column <column>=<field>]... [--ignore <column>]... [--skip] [--dry-run]',
    summary: 'import users with their password hashes: all of the file, or nothing',
    details:
      'Beside a running service, or into a new database. NDJSON (.ndjson, .jsonl) or CSV with a header row (.csv), in ' +
      'UTF-8. The fields: login, passwordHash (null: no password); and, if the file has them, id, role (client), ' +
      'status (active), data, introReviewed, allDeviceTypesAvailable, lastLogin, networkIds, deviceTypeIds. ' +
      '--column: a column of the file holds this field; may be repeated. --ignore: leaves a column out. ' +
      'A row that cannot be imported is named on standard error with its line. --skip: leaves such rows out; else nothing is imported. ' +
      'A row whose user is stored already, exactly as the row has it, is no such row. ' +
      '--dry-run: does all of it and undoes it, so that nothing changes.',
    load: async () => (await import('./import-users.js')).importUsersFile,
  },
  {
    name: 'events',
    synopsis: '[--follow] [--take <number>] [<filters>]',
    summary: 'print the events, oldest first, one JSON object per line',
    details:
      'CloudEvents as GET /event has them, and all of them without --take. Filters, as there: --after <id>, ' +
      '--type <type>, --subject <subject>, --actor <id>, --since <time>, --until <time>. --follow: waits for new ones, ' +
      'until SIGINT or SIGTERM, or until --take is reached; not with --until. To continue: --after with the last id.',
    load: async () => (await import('./events.js')).events,
  },
  {
    name: 'migrate',
    synopsis: '[--check | --dry-run]',
    summary: 'migrate the database to this version, and end',
    details:
      'Creates the schema in an empty database. Several may run at once: one migrates, the others wait. A database of a ' +
      'newer version is refused. --check, or --dry-run: changes nothing, and lists the pending migrations; exit code 0 if ' +
      'there are none, 2 if there are some, 1 after an error.',
    load: async () => (await import('./migrate.js')).migrate,
  },
  {
    name: 'doctor',
    synopsis: '[--json]',
    summary: 'say what is wrong or unwise in settings, files, database and host',
    details:
      'One line per finding: error, warning or ok. Changes nothing. --json: one JSON object per line. Exit code 1 if ' +
      'there is an error. Run it as the user of the service, with its settings and in its working directory.',
    readsSettings: true,
    load: async () => (await import('./doctor/doctor.js')).doctor,
  },
];
