/**
 * The client @hivegate/client: signs in, creates users, iterates over them page by page, updates one on condition that
 * nobody else has changed it meanwhile, and cleans up. In this repository, `npm run build` makes the client.
 *
 *   HIVEGATE_URL=http://127.0.0.1:8080 ADMIN_PASSWORD=... node examples/client.mjs
 */
import { randomBytes } from 'node:crypto';
import { HivegateClient, HivegateError, unwrap, UserRole } from '@hivegate/client';

const { HIVEGATE_URL = 'http://127.0.0.1:8080', ADMIN_LOGIN = 'admin', ADMIN_PASSWORD = '' } = process.env;
const stem = `example-${randomBytes(4).toString('hex')}`;
const password = 'correct horse battery';

const admin = new HivegateClient({ baseUrl: HIVEGATE_URL });
try {
  await admin.signIn({ login: ADMIN_LOGIN, password: ADMIN_PASSWORD });
  await createUsers();
  await updateOnCondition();
  await useAsClient();
  await deleteUsers();
  await admin.signOut();
  console.log('Done.');
} catch (error) {
  if (!(error instanceof HivegateError)) throw error;
  // `kind` says what failed; `requestId` finds the request in the log of the service.
  console.error(`${error.kind} ${error.status ?? ''}: ${error.message}`);
  for (const { field, message } of error.details) console.error(`  ${field}: ${message}`);
  process.exitCode = 1;
}

async function createUsers() {
  for (let number = 1; number <= 5; number += 1) {
    const login = `${stem}-${number}`;
    await admin.createUser({ login, password, role: UserRole.Client, data: { visits: 0 } });
  }
  // Pages of two. The loop ends after the last page.
  for await (const { login } of admin.users({ loginPattern: `${stem}-%`, take: 2 })) console.log(login);
}

/** Ten increments at once: none is lost, because each is sent on condition that the user is still as it was read. */
async function updateOnCondition() {
  const id = await idOf(`${stem}-1`);
  const increment = (user) => ({ data: { ...user.data, visits: user.data.visits + 1 } });
  const updates = Array.from({ length: 10 }, () => admin.updateUser(id, increment, { attempts: 50 }));
  await Promise.all(updates);
  console.log((await admin.getUser(id)).data);
}

async function useAsClient() {
  const client = new HivegateClient({ baseUrl: HIVEGATE_URL });
  await client.signIn({ login: `${stem}-1`, password });
  await client.patchUser('current', { data: { theme: 'dark' } });
  // What has no method of its own: the typed client of openapi-fetch.
  const { count } = await unwrap(client.api.GET('/network/count'));
  console.log((await client.getUser('current')).data, `${count} networks`);
  const refusal = await client
    .updateUser('current', { role: UserRole.Administrator })
    .catch((error) => error);
  console.log(refusal.status, refusal.message);
  await client.signOut();
}

async function deleteUsers() {
  for await (const { id } of admin.users({ loginPattern: `${stem}-%` })) await admin.deleteUser(id);
}

async function idOf(login) {
  for await (const { id } of admin.users({ login })) return id;
  throw new Error(`There is no user ${login}`);
}
