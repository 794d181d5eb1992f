import type { Sentence } from './sentence.js';

const spec = 'src/settings/settings.spec.ts';

export const settings: readonly Sentence[] = [
  { says: '| `HOST`, `PORT` |', heldBy: [spec, 'test/e2e/start.test.ts'] },
  {
    says: '| `API_PREFIX` |',
    heldBy: [spec, 'test/e2e/users.create.test.ts', 'test/browser/swagger.test.ts'],
  },
  { says: '| `DATABASE_URL` |', heldBy: [spec, 'test/e2e/start.test.ts'] },
  { says: '| `ADMIN_LOGIN`, `ADMIN_PASSWORD` |', heldBy: [spec, 'test/e2e/start.test.ts'] },
  { says: '| `JWT_SECRET`, `KEY_ENCRYPTION_SECRET`', heldBy: [spec, 'test/e2e/keys.test.ts'] },
  { says: '| `ACCESS_TOKEN_TTL`, `REFRESH_TOKEN_TTL` |', heldBy: [spec, 'test/e2e/tokens.sign-in.test.ts'] },
  { says: '| `BCRYPT_COST` |', heldBy: [spec, 'test/e2e/tokens.sign-in.test.ts'] },
  {
    says: '| `PASSWORD_MIN_LENGTH`, `PASSWORD_BLOCKLIST` |',
    heldBy: [spec, 'test/e2e/users.passwords.test.ts'],
  },
  { says: '| `CLIENT_WRITABLE_FIELDS` |', heldBy: [spec, 'test/e2e/users.update.test.ts'] },
  {
    says: '| `REQUIRE_OLD_PASSWORD`, `LOCKOUT_SECONDS` |',
    heldBy: [spec, 'test/e2e/users.passwords.test.ts', 'test/e2e/lockout.test.ts'],
  },
  { says: '| `RATE_LIMIT` |', heldBy: [spec, 'test/e2e/rate-limits.test.ts'] },
  {
    says: '| `TRUST_PROXY`, `CORS_ORIGINS`, `LOG_LEVEL` |',
    heldBy: [spec, 'test/e2e/cors.test.ts', 'test/e2e/rate-limits.test.ts', 'test/e2e/operation.test.ts'],
  },
];
