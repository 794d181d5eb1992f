/** What the fuzzer finds in the service: users, networks, device types, sessions. */
import { randomBytes } from 'node:crypto';

/** The administrator that the service begins with. It repairs what the caller does to its own record. */
export const KEEPER = { id: 1, login: 'root', password: randomBytes(12).toString('hex') };

const USERS = 8;
const SCOPES = 4;
const SIGN_INS = 3;

/**
 * Fills the service at `url` and returns what hooks.py must know.
 *
 * @param {string} url the base of the API
 * @param {'administrator' | 'client'} role the caller's
 */
export async function makeWorld(url, role) {
  let token;
  const call = async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const signIn = async ({ login, password }) =>
    (await call('POST', '/token', { login, password })).accessToken;
  token = await signIn(KEEPER);

  for (let index = 0; index < SCOPES; index += 1) {
    await call('POST', '/network', {
      name: `network ${index}`,
      description: index % 2 ? 'of the fuzzer' : null,
    });
    await call('POST', '/devicetype', { name: `device type ${index}`, description: null });
  }
  await call('PUT', '/configuration/fuzzed', { value: 'a value' });

  const users = [];
  for (let index = 0; index < USERS; index += 1) {
    const user = {
      login: index === 0 ? `fuzzed-${role}` : `user-${index}`,
      password: randomBytes(12).toString('hex'),
      role: index === 0 ? Number(role === 'client') : Number(index % 4 !== 0),
    };
    const { id } = await call('POST', '/user', {
      ...user,
      data: { index, nested: { of: ['the', 'fuzzer'] } },
      allDeviceTypesAvailable: index % 2 === 0,
    });
    users.push({ id, ...user });
    for (let scope = 1; scope <= SCOPES; scope += 2) {
      await call('PUT', `/user/${id}/network/${scope}`);
      if (index % 2 === 1) await call('PUT', `/user/${id}/devicetype/${scope}`);
    }
    for (let count = 0; count < SIGN_INS; count += 1) await signIn(user);
    await call('POST', '/token/create', { userId: id, actions: ['GetNetwork'], label: 'a created one' });
  }
  const [caller, other] = users;
  return { url, role, caller, keeper: KEEPER, other: other.id };
}
