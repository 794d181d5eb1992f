import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import { PASSWORD, type TestService } from '../../support/service.js';

/** A password that nobody has. */
export const WRONG = 'not the password at all';

/** Users of every kind, and guesses at them that are refused. */
export async function refusedSignIns(
  service: TestService,
): Promise<Record<string, { login: string; password: string }>> {
  const make = async (fields: Record<string, unknown> = {}) => {
    const { id, login } = await service.createUser(fields);
    return { id, login, password: WRONG };
  };
  const rehash = async (id: number, hash: string) => {
    await service.database.query('UPDATE users SET password_hash = ? WHERE id = ?', [hash, id]);
  };
  const [cheap, imported, locked, disabled] = [
    await make(),
    await make(),
    await make({ status: 1 }),
    await make({ status: 2 }),
  ];
  await rehash(cheap.id, bcrypt.hashSync(PASSWORD, 4));
  const digest = createHash('sha256').update(`salt${PASSWORD}`).digest('base64');
  await rehash(imported.id, `devicehive-sha256$salt$${digest}`);
  return {
    'unknown login': { login: 'nobody-has-this', password: WRONG },
    'wrong password': await make(),
    'of an administrator': await make({ role: 0 }),
    'of one with much data': await make({ data: { much: 'x'.repeat(60_000) } }),
    'against a hash of lower cost': cheap,
    'against an imported hash': imported,
    'longer than bcrypt reads': { ...(await make()), password: 'x'.repeat(100) },
    'locked out, wrong': locked,
    'locked out, right': { ...locked, password: PASSWORD },
    'disabled, wrong': disabled,
    'disabled, right': { ...disabled, password: PASSWORD },
  };
}
