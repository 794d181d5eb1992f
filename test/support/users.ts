import type { Answer, Client } from './client.js';
import { freshName } from './fresh-name.js';

/** The password of users made by {@link createUser}, unless the test sets another. */
export const PASSWORD = 'a password of tests';

/** The fields of an active client with a login of its own. `fields` override them. */
export const userFields = <T extends object>(
  fields: T = {} as T,
): { login: string; password: string; role: number } & T => ({
  login: freshName('user'),
  password: PASSWORD,
  role: 1,
  ...fields,
});

/** Creates an active client, unless `fields` say otherwise. The user has not signed in. */
export async function createUser(
  admin: Client,
  fields: { login?: string | undefined; password?: string | undefined; [name: string]: unknown } = {},
): Promise<{ id: number; login: string; password: string }> {
  const wanted = userFields(fields);
  const { status, body, text } = await admin.post('/user', wanted);
  if (status !== 201) throw new Error(`The user was not created: ${text}`);
  return { id: body.id, login: wanted.login ?? '', password: wanted.password ?? '' };
}

/** A user in the view published. */
export const readUser = async (admin: Client, id: number): Promise<Answer['body']> =>
  (await admin.get(`/user/${id}`)).body;

/** The present entity tag of a user. */
export const entityTagOf = async (admin: Client, id: number): Promise<string> =>
  (await admin.get(`/user/${id}`)).headers.get('etag') ?? '';
