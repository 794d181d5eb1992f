import bcrypt from 'bcrypt';
import type { Answer, Client } from '../../support/client.js';
import type { TestDatabase } from '../../support/database.js';

/** The password of the users. */
export const PASSWORD = 'a password of operations';
/** Not the cost of the tests. */
const OTHER_COST = 5;

/** What is in the database before each operation. */
export interface Furniture {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Who asks. */
export interface Callers extends Pick<Furniture, 'refreshToken'> {
  readonly anyone: Client;
  readonly admin: Client;
  readonly ada: Client;
}

/** Something that a client asks for, that takes more than one statement. */
export interface Operation {
  readonly name: string;
  /** What it is answered with when nothing goes wrong. */
  readonly status: number;
  /** How many transactions that change something it is made of. */
  readonly steps: number;
  ask(callers: Callers): Promise<Answer>;
}

const ADA = 2;
const GRACE = 3;
const ROOT = 1;
const [NETWORK, OTHER_NETWORK] = [2, 3];

/** Makes what the operations are done to, in a database that is as it was after the first start. */
export async function furnish(anyone: Client, admin: Client, database: TestDatabase): Promise<Furniture> {
  const must = async (answer: Promise<Answer>): Promise<Answer> => {
    const { status, text } = await answer;
    if (status >= 300) throw new Error(text);
    return answer;
  };
  for (const kind of ['network', 'devicetype'])
    for (const name of ['field', 'lab']) await must(admin.post(`/${kind}`, { name, description: name }));
  for (const login of ['ada', 'grace', 'linus', 'joan'])
    await must(admin.post('/user', { login, password: PASSWORD, role: 1, data: { login } }));
  await must(admin.put(`/user/${ADA}`, { allDeviceTypesAvailable: false }));
  for (const kind of ['network', 'devicetype']) await must(admin.put(`/user/${ADA}/${kind}/${NETWORK}`));
  await must(admin.put('/configuration/greeting', { value: 'hello' }));
  const { body } = await must(anyone.post('/token', { login: 'ada', password: PASSWORD }));

  const set = (login: string, columns: string, ...values: (string | number)[]) =>
    database.query(`UPDATE users SET ${columns} WHERE login = ?`, [...values, login]);
  await set('ada', 'login_attempts = 3');
  await set('grace', 'password_hash = ?', await bcrypt.hash(PASSWORD, OTHER_COST));
  await set('linus', 'login_attempts = 9');
  await set(
    'joan',
    'login_attempts = 10, status = 1, locked_by_failed_logins = (1 = 1), blocked_until = 1000',
  );
  return body as Furniture;
}

/** The callers of a service that has been furnished. */
export function callersOf(anyone: Client, admin: Client, furniture: Furniture): Callers {
  return { anyone, admin, ada: anyone.as(furniture.accessToken), refreshToken: furniture.refreshToken };
}

const scopes = (kind: 'network' | 'devicetype'): Operation[] => [
  {
    name: `assign a ${kind}`,
    status: 204,
    steps: 1,
    ask: ({ admin }) => admin.put(`/user/${ADA}/${kind}/${OTHER_NETWORK}`),
  },
  {
    name: `unassign a ${kind}`,
    status: 204,
    steps: 1,
    ask: ({ admin }) => admin.delete(`/user/${ADA}/${kind}/${NETWORK}`),
  },
  {
    name: `create a ${kind}`,
    status: 201,
    steps: 1,
    ask: ({ admin }) => admin.post(`/${kind}`, { name: 'roof', description: 'above' }),
  },
  {
    name: `update a ${kind}`,
    status: 204,
    steps: 1,
    ask: ({ admin }) => admin.put(`/${kind}/${NETWORK}`, { name: 'meadow', description: null }),
  },
  {
    name: `delete a ${kind} and its assignments`,
    status: 204,
    steps: 1,
    ask: ({ admin }) => admin.delete(`/${kind}/${NETWORK}`),
  },
];

const signIn = (name: string, status: number, steps: number, login: string, password: string): Operation => ({
  name,
  status,
  steps,
  ask: ({ anyone }) => anyone.post('/token', { login, password }),
});

/** Every operation that writes, and some that are refused when they have begun. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'create a user',
    status: 201,
    steps: 1,
    ask: ({ admin }) =>
      admin.post('/user', { login: 'barbara', password: PASSWORD, role: 1, data: { a: 1 }, status: 2 }),
  },
  {
    name: 'update data',
    status: 204,
    steps: 1,
    ask: ({ ada }) => ada.put('/user/current', { data: { much: 'changed' } }),
  },
  {
    name: 'change a password',
    status: 204,
    steps: 1,
    ask: ({ ada }) =>
      ada.put('/user/current', { password: 'another password of operations', oldPassword: PASSWORD }),
  },
  {
    name: 'update everything',
    status: 204,
    steps: 1,
    ask: ({ admin }) =>
      admin.put(`/user/${ADA}`, {
        login: 'lovelace',
        role: 0,
        status: 2,
        password: 'another password of operations',
        data: null,
        introReviewed: true,
        allDeviceTypesAvailable: true,
      }),
  },
  {
    name: 'delete a user and its assignments',
    status: 204,
    steps: 1,
    ask: ({ admin }) => admin.delete(`/user/${ADA}`),
  },
  ...scopes('network'),
  ...scopes('devicetype'),
  {
    name: 'assign all device types',
    status: 204,
    steps: 1,
    ask: ({ admin }) => admin.put(`/user/${ADA}/devicetype/all`),
  },
  {
    name: 'unassign all device types',
    status: 204,
    steps: 1,
    ask: ({ admin }) => admin.delete(`/user/${GRACE}/devicetype/all`),
  },
  {
    name: 'set a new configuration',
    status: 200,
    steps: 1,
    ask: ({ admin }) => admin.put('/configuration/farewell', { value: 'bye' }),
  },
  {
    name: 'set a configuration anew',
    status: 200,
    steps: 1,
    ask: ({ admin }) => admin.put('/configuration/greeting', { value: 'good day' }),
  },
  {
    name: 'delete a configuration',
    status: 204,
    steps: 1,
    ask: ({ admin }) => admin.delete('/configuration/greeting'),
  },
  // Counted before it is compared; noted before a token is issued.
  signIn('sign in', 201, 2, 'ada', PASSWORD),
  signIn('sign in with a hash of another cost', 201, 2, 'grace', PASSWORD),
  signIn('sign in after a lockout that has ended by time', 201, 2, 'joan', PASSWORD),
  // Counted before it is compared; the failure is an event.
  signIn('guess wrong', 401, 2, 'ada', 'a guess of operations'),
  signIn('guess wrong, the last guess', 401, 2, 'linus', 'a guess of operations'),
  signIn('guess at nobody', 401, 2, 'nobody', 'a guess of operations'),
  {
    name: 'refresh',
    status: 201,
    steps: 1,
    ask: ({ anyone, refreshToken }) => anyone.post('/token/refresh', { refreshToken }),
  },
  {
    name: 'update a user on an old version',
    status: 412,
    steps: 0,
    ask: ({ admin }) => admin.put(`/user/${ADA}`, { data: {} }, { 'if-match': '"1"' }),
  },
  {
    name: 'take the login of another',
    status: 403,
    steps: 0,
    ask: ({ admin }) => admin.put(`/user/${ADA}`, { login: 'GRACE', data: {} }),
  },
  {
    name: 'disable the last administrator',
    status: 403,
    steps: 0,
    ask: ({ admin }) => admin.put(`/user/${ROOT}`, { status: 2 }),
  },
  {
    name: 'assign a network that is not there',
    status: 404,
    steps: 0,
    ask: ({ admin }) => admin.put(`/user/${ADA}/network/77`),
  },
];
