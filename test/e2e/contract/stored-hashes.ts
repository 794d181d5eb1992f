import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import { expect } from 'vitest';
import { PASSWORD, type TestService } from '../../support/service.js';

/** Of {@link PASSWORD}, as the original stores it. */
export function importedHash(): string {
  const salt = 'salt-of-the-original-one';
  const digest = createHash('sha256').update(`${salt}${PASSWORD}`).digest('base64');
  return `devicehive-sha256$${salt}$${digest}`;
}

/** Of {@link PASSWORD}, as version 0.1 stored it and the upgrade marks it. */
export const earlierHash = async (): Promise<string> => `hivegate-0.1${await bcrypt.hash(PASSWORD, 4)}`;

/** Of {@link PASSWORD}, with another cost than the service of tests has. */
export const hashOfAnotherCost = (): Promise<string> => bcrypt.hash(PASSWORD, 6);

/** Stores a hash for a new user. A failed login leaves it; a sign-in replaces it with bcrypt of the service's cost. */
export async function expectUpgrade(service: TestService, hash: string): Promise<void> {
  const { id, login } = await service.createUser();
  const readHash = async () => {
    const [row] = await service.database.query('SELECT password_hash AS hash FROM users WHERE id = ?', [id]);
    return String(row?.['hash']);
  };
  const signIn = async (password: string) =>
    (await service.client.post('/token', { login, password })).status;
  await service.database.query('UPDATE users SET password_hash = ? WHERE id = ?', [hash, id]);
  expect(await signIn('a wrong password')).toBe(401);
  expect(await readHash()).toBe(hash);
  expect(await signIn(PASSWORD)).toBe(201);
  const upgraded = await readHash();
  expect(upgraded).toMatch(/^\$2b\$/);
  expect(bcrypt.getRounds(upgraded)).toBe(Number(service.environment['BCRYPT_COST']));
  expect(await signIn(PASSWORD)).toBe(201);
}
