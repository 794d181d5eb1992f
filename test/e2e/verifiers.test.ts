import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stolenKey } from '../support/forge.js';
import { Front } from '../support/front.js';
import { TestService } from '../support/service.js';
import { until } from '../support/until.js';
import { makeRows, type Row } from './verifiers/tokens.js';
import { hasPyJwt, OURS, type Started, type VerifierName, VERIFIERS } from './verifiers/verifiers.js';

/*
 * The same tokens go through the service, our verifier and verifiers that others wrote, each started from the URL of the
 * issuer and the audience alone. They agree, but for what a row of test/e2e/verifiers/tokens.ts allows, with its reason,
 * and for revocation, which only the service and our verifier know.
 */

const AUDIENCE = 'https://devices.example';
/** How many rows allow a difference. A new one must be counted here, with its reason in the table. */
const ALLOWED_ROWS = 30;
const NAMES = (Object.keys(VERIFIERS) as VerifierName[]).filter(
  (name) => name !== 'python3-jwt' || hasPyJwt(),
);

let front: Front;
let service: TestService;
const started = new Map<VerifierName, Started>();
let rows: Row[];
beforeAll(async () => {
  front = await Front.start();
  service = await TestService.start({ JWT_ISSUER: front.url, JWT_AUDIENCE: AUDIENCE });
  front.to(service.client.baseUrl);
  const user = await service.createUser();
  const key = await stolenKey(service.database);
  rows = await makeRows({ service, user, key, audience: AUDIENCE });
  for (const name of NAMES)
    started.set(
      name,
      await VERIFIERS[name]({ issuer: front.url, audience: AUDIENCE }, service.admin.token ?? ''),
    );
});
afterAll(async () => {
  for (const { close } of started.values()) close?.();
  await service.stop();
  front.close();
});

const verdictsOf = (name: VerifierName, tokens: readonly string[]): Promise<boolean[]> =>
  started.get(name)?.verdicts(tokens) ?? Promise.reject(new Error(`${name} has not been started`));

/** The names of the rows that are accepted. */
const namesOf = (verdicts: readonly boolean[]) =>
  rows.filter((_, index) => verdicts[index]).map(({ name }) => name);

describe('the table of tokens', () => {
  it('is long, and what it allows is counted', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    const allowed = rows.filter(({ accepted, refused }) => accepted ?? refused);
    expect(
      allowed.every(
        ({ accepted, refused }) => ![...(accepted?.by ?? []), ...(refused?.by ?? [])].includes(OURS),
      ),
    ).toBe(true);
    expect(allowed).toHaveLength(ALLOWED_ROWS);
  });

  it('has the verdicts of the service', async () => {
    const verdicts: boolean[] = [];
    for (const { token } of rows) {
      const { status } = await service.client.as(token).get('/network');
      // 403: it lacks the action. 431: it is longer than every token that the service issues.
      verdicts.push(status !== 401 && status !== 431);
    }
    expect(namesOf(verdicts)).toEqual(namesOf(rows.map(({ isGood }) => isGood)));
  });

  it.each(NAMES)('has those of %s, but for what it allows (ASVS 9.1.1, 9.2.2)', async (name) => {
    const verdicts = await verdictsOf(
      name,
      rows.map(({ token }) => token),
    );
    const expected = rows.map(
      ({ isGood, accepted, refused }) =>
        (isGood && !refused?.by.includes(name)) || accepted?.by.includes(name) === true,
    );
    expect(namesOf(verdicts)).toEqual(namesOf(expected));
  });
});

describe('after a sign-out', () => {
  it('the service and our verifier refuse the token, and the others cannot know', async () => {
    const user = await service.createUser();
    const tokens = [user.accessToken];
    for (const name of NAMES) expect([name, ...(await verdictsOf(name, tokens))]).toEqual([name, true]);
    await service.client.post('/token/revoke', { token: user.refreshToken });
    expect((await user.client.get('/user/current')).status).toBe(401);
    await until(async () => (await verdictsOf(OURS, tokens))[0] === false);
    for (const name of NAMES)
      expect([name, ...(await verdictsOf(name, tokens))]).toEqual([name, name !== OURS]);
  });
});
