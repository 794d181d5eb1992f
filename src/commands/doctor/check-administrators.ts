import { Role } from '../../authorization/role.js';
import type { DatabaseInspection } from '../../database/database-inspection.js';
import { TURN_OF_SERVICE } from '../../passwords/hashing-turn.js';
import { PasswordHasher } from '../../passwords/password-hasher.js';
import type { Settings } from '../../settings/settings.js';
import { UserStatus } from '../../users/user-status.js';
import { type Diagnosis, error, ok, warning } from './diagnosis.js';

/** What installations begin with: that of DeviceHive, and the usual ones. A comparison is expensive. */
const KNOWN = ['dhadmin_#911', 'admin_pass', 'admin', 'password', 'hivegate'];
/** Maximum number of administrators whose passwords are compared. */
const MOST = 10;

/** Checks whether administrators have passwords that everybody knows. */
export async function checkAdministrators(
  inspection: DatabaseInspection,
  settings: Settings,
): Promise<readonly Diagnosis[]> {
  const rows = await inspection.query(
    `SELECT "id", "login", "password_hash" AS "hash" FROM "users"
      WHERE "role" = ${Role.Administrator} AND "status" <> ${UserStatus.Disabled} ORDER BY "id" LIMIT ${MOST + 1}`,
  );
  const checked = rows.slice(0, MOST);
  const hasher = new PasswordHasher(settings);
  try {
    const diagnoses: Diagnosis[] = [];
    for (const { id, login, hash } of checked) {
      if (await matchesOneOf([...KNOWN, String(login)], String(hash), hasher))
        diagnoses.push(
          error(
            `Administrator ${String(id)} has a password that everybody knows: hivegate users set-password`,
          ),
        );
    }
    if (diagnoses.length === 0 && checked.length > 0)
      diagnoses.push(
        ok(
          rows.length > MOST
            ? `None of the first ${MOST} administrators has a default password; the others were not checked`
            : 'No administrator has a default password',
        ),
      );
    return [...(await whetherOneIsActive(inspection)), ...diagnoses];
  } finally {
    await hasher.onApplicationShutdown();
  }
}

/** One after the other: together they would be more than may wait. */
async function matchesOneOf(
  passwords: readonly string[],
  hash: string,
  hasher: PasswordHasher,
): Promise<boolean> {
  for (const password of passwords)
    if (await hasher.inTurn(TURN_OF_SERVICE, (slot) => hasher.compare(password, hash, slot))) return true;
  return false;
}

/** By the rule of the service: without an active one, its next start creates one (users/first-administrator.ts). */
async function whetherOneIsActive(inspection: DatabaseInspection): Promise<readonly Diagnosis[]> {
  const active = await inspection.query(
    `SELECT "id" FROM "users" WHERE "role" = ${Role.Administrator} AND ("status" = ${UserStatus.Active} OR "locked_by_failed_logins") LIMIT 1`,
  );
  return active.length > 0
    ? []
    : [warning('There is no active administrator: the next start of the service creates one')];
}
