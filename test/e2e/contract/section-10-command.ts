import type { Sentence } from './sentence.js';

const COMMANDS = ['test/e2e/users-command.test.ts', 'test/e2e/command-line.test.ts'];
const ORIGINAL = ['test/e2e/import-devicehive.test.ts'];
const USERS = ['test/e2e/import-users.test.ts'];
const HASHES = ['src/passwords/stored-hash.spec.ts'];

/** The command `hivegate`. No request can hold what it does: its suites run it. */
export const command: readonly Sentence[] = [
  { says: '- **The command.** `hivegate users list|set-password', heldBy: COMMANDS },
  {
    says: 'every command that changes something is recorded',
    heldBy: [...COMMANDS, 'test/e2e/keys.test.ts', ...ORIGINAL, ...USERS],
  },
  { says: '- **The command**, whole: `hivegate` (`npx hivegate`,', heldBy: COMMANDS },
  { says: 'Each has `--help`;', heldBy: COMMANDS },
  { says: 'unknown arguments are rejected before anything happens;', heldBy: COMMANDS },
  {
    says: 'long-running commands show their progress',
    heldBy: ['src/progress/progress.spec.ts', ...COMMANDS],
  },
  { says: '- **Import.** `hivegate import devicehive --from', heldBy: ORIGINAL },
  { says: 'It reports before (`--dry-run`) and after,', heldBy: ORIGINAL },
  { says: 'without `--skip` such rows stop it', heldBy: [...ORIGINAL, ...USERS] },
  { says: 'A user with a known default password arrives', heldBy: ORIGINAL },
  { says: '`hivegate import users FILE` takes NDJSON or CSV,', heldBy: [...USERS, ...HASHES] },
  { says: 'each is verified at the', heldBy: HASHES },
  { says: 'Cost parameters beyond argon2id 256 MiB', heldBy: HASHES },
  { says: 'A rejected sign-in takes the same time', heldBy: HASHES },
  { says: 'the quicker ones wait, they do not compute.', heldBy: HASHES },
  { says: 'Both are atomic and can be repeated safely.', heldBy: [...ORIGINAL, ...USERS] },
  { says: '- **Restore** invalidates every token issued before it:', heldBy: ['test/e2e/backup.test.ts'] },
  { says: 'It always skips a range of ids', heldBy: ['test/e2e/backup.test.ts'] },
];
