import { pbkdf2Sync, scryptSync } from 'node:crypto';
import bcrypt from 'bcrypt';
import { expect } from 'vitest';
import { refusalOf, storedFormOf } from '../../../src/passwords/stored-hash.js';
import { PASSWORD } from '../../support/service.js';
import type { Sentence } from './sentence.js';
import { expectUpgrade } from './stored-hashes.js';

const COMMANDS = [
  'test/e2e/command-line.test.ts',
  'test/e2e/users-command.test.ts',
  'test/e2e/create-user-command.test.ts',
  'test/e2e/events-command.test.ts',
  'test/e2e/migrate-command.test.ts',
  'test/e2e/doctor.test.ts',
];
const PACKAGE = ['test/packages/hivegate.packed.test.ts'];
const ORIGINAL = ['test/e2e/import-devicehive.test.ts'];
const USERS = [
  'test/e2e/import-users.test.ts',
  'src/import/users/csv.spec.ts',
  'src/import/users/ndjson.spec.ts',
];
/** The parsers with their limits, and sign-ins with imported hashes. */
const HASHES = ['src/passwords/stored-hash.spec.ts', 'test/e2e/imported-hashes.test.ts'];
/** What a rejected sign-in waits for, with a clock of the test. */
const WAITS = ['src/passwords/slow-comparisons.spec.ts', 'src/passwords/password-hasher.spec.ts'];
const RESTORE = ['test/e2e/restore.test.ts', 'test/e2e/backup.test.ts'];

/** How much an argon2id hash of so many KiB needs, as the other system writes it. */
const argon2 = (kibibytes: number, passes: number) =>
  `$argon2id$v=19$m=${kibibytes},t=${passes},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
const bcryptOf = (cost: number) => `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
const scrypt = (ln: number, r: number) => `$scrypt$ln=${ln},r=${r},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
const pbkdf2 = (rounds: number) => `pbkdf2_sha256$${rounds}$salt$${'A'.repeat(43)}=`;

/** The command `hivegate`. No request can hold what it does: its suites run it. */
export const command: readonly Sentence[] = [
  { says: '- **The command.** `hivegate users list|set-password', heldBy: COMMANDS },
  {
    says: 'every command that changes something is recorded',
    heldBy: [...COMMANDS, 'test/e2e/keys.test.ts', ...ORIGINAL, ...USERS],
  },
  { says: '- **The command**, whole: `hivegate` (`npx hivegate`,', heldBy: [...COMMANDS, ...PACKAGE] },
  { says: 'Each has `--help`;', heldBy: COMMANDS },
  { says: 'unknown arguments are rejected before anything happens;', heldBy: COMMANDS },
  {
    says: 'long-running commands show their progress',
    heldBy: ['test/e2e/progress.test.ts'],
  },
  { says: '- **Import.** `hivegate import devicehive --from', heldBy: ORIGINAL },
  { says: 'It reports before (`--dry-run`) and after,', heldBy: ORIGINAL },
  { says: 'without `--skip` such rows stop it', heldBy: [...ORIGINAL, ...USERS] },
  { says: 'A user with a known default password arrives', heldBy: ORIGINAL },
  { says: '`hivegate import users FILE` takes NDJSON or CSV,', heldBy: [...USERS, ...HASHES] },
  {
    says: 'each is verified at the',
    checks: {
      'bcrypt of another system, PBKDF2 of Django, and scrypt': async (service) => {
        const of = (password: string) => [
          bcrypt.hashSync(password, 6).replace('$2b$', '$2y$'),
          `pbkdf2_sha256$1000$salt$${pbkdf2Sync(password, 'salt', 1000, 32, 'sha256').toString('base64')}`,
          `scrypt$64$salt$8$1$${scryptSync(password, 'salt', 64, { N: 64, r: 8, p: 1 }).toString('base64')}`,
        ];
        for (const hash of of(PASSWORD)) await expectUpgrade(service, storedFormOf(hash));
      },
    },
    heldBy: HASHES,
  },
  {
    says: 'Cost parameters beyond argon2id 256 MiB',
    checks: {
      'at each limit, and beyond it': () => {
        for (const hash of [argon2(262_144, 10), scrypt(18, 8), pbkdf2(2_000_000), bcryptOf(15)])
          expect(refusalOf(hash), hash).toBeUndefined();
        for (const hash of [
          argon2(262_145, 1),
          argon2(64, 11),
          scrypt(19, 8),
          pbkdf2(2_000_001),
          bcryptOf(16),
        ])
          expect(refusalOf(hash), hash).toEqual(expect.any(String));
        return Promise.resolve();
      },
    },
    heldBy: [...HASHES, ...WAITS],
  },
  {
    says: 'A rejected sign-in takes the same time',
    heldBy: [...WAITS, 'test/trials/sign-in/enumeration.test.ts'],
  },
  { says: 'Both are atomic and can be repeated safely.', heldBy: [...ORIGINAL, ...USERS] },
  { says: '- **Restore** invalidates every token issued before it:', heldBy: RESTORE },
  { says: 'It always skips a range of ids', heldBy: RESTORE },
];
