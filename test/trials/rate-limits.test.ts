import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PasswordHasher } from '../../src/passwords/password-hasher.js';
import type { Answer } from '../support/client.js';
import { createDatabase, DATABASES } from '../support/database.js';
import { TestService } from '../support/service.js';
import { note, times, whole } from './promise.js';
import { ProvenService } from './proven-service.js';

/** As src/authentication/sign-in/sign-in.rate-limit.guard.ts has them, within a minute. */
const SIGN_INS_PER_ADDRESS = 600;
const SIGN_INS_PER_LOGIN_AND_ADDRESS = 60;
const SIGN_INS_PER_SITE = 2400;
const REFRESHES_PER_ADDRESS = 600;
const REFRESHES_PER_USER = 60;

const from = (address: string) => ({ 'x-forwarded-for': address });
const own = (index: number) => from(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);

/** Sends requests, a hundred at a time, for less than the minute that limits count over. */
async function flood(most: number, send: (index: number) => Promise<Answer>) {
  const began = performance.now();
  const answers: Answer[] = [];
  while (answers.length < most && performance.now() - began < 40_000) {
    const batch = Array.from({ length: 100 }, (_, index) => send(answers.length + index));
    answers.push(...(await Promise.all(batch)));
  }
  const refused = answers.filter(({ status }) => status === 429);
  return {
    sent: answers.length,
    passed: answers.length - refused.length,
    /** Refusals that do not say when to come back. */
    mute: refused.filter(({ headers }) => !/^[1-9]\d?$/.test(headers.get('retry-after') ?? '')).length,
  };
}

describe('Floods are limited', () => {
  it('ASVS 6.3.1: sign-ins and refreshes, per address, per login and address, per IPv6 site', async ({
    task,
  }) => {
    const service = await ProvenService.start({
      environment: { RATE_LIMIT: 'on', TRUST_PROXY: '1' },
    });
    const password = 'a password of proofs';
    const users = ['ada', 'grace'];
    for (const login of users) await service.createUser(login);
    const { client } = service;
    const { body: tokens } = await client.post('/token', { login: 'ada', password }, from('192.0.2.1'));
    const { refreshToken } = tokens as { refreshToken: string };
    const most = times(5000, 1000);
    const site = (index: number) => from(`2001:db8:1:${index.toString(16)}::1`);
    const floods = {
      'sign-ins of one address': await flood(most, (index) =>
        client.post('/token', { login: `nobody-${index}`, password: '' }, from('192.0.2.2')),
      ),
      'sign-ins at one login from one address': await flood(most, () =>
        client.post('/token', { login: 'grace', password: '' }, from('192.0.2.4')),
      ),
      'sign-ins of one IPv6 /48': await flood(times(5000, 2500), (index) =>
        client.post('/token', { login: `nobody-${index}`, password: '' }, site(index)),
      ),
      'refreshes of one address': await flood(most, () =>
        client.post('/token/refresh', { refreshToken: 'a made-up refresh token' }, from('192.0.2.3')),
      ),
      'refreshes of one user': await flood(most, (index) =>
        client.post('/token/refresh', { refreshToken }, own(index)),
      ),
    };
    note(
      { task },
      {
        tried: `floods by way of one address, one site or one user: ${Object.entries(floods)
          .map(([name, { sent }]) => `${whole(sent)} ${name}`)
          .join(', ')}`,
        seen: `${Object.values(floods)
          .map(({ passed }) => passed)
          .join(', ')} passed within the minute; every other answer 429 with Retry-After`,
      },
    );
    await service.remove();
    expect(Object.values(floods).map(({ passed }) => passed)).toEqual([
      SIGN_INS_PER_ADDRESS,
      SIGN_INS_PER_LOGIN_AND_ADDRESS,
      SIGN_INS_PER_SITE,
      REFRESHES_PER_ADDRESS,
      REFRESHES_PER_USER,
    ]);
    expect(Object.values(floods).map(({ mute }) => mute)).toEqual([0, 0, 0, 0, 0]);
  });

  it.for(DATABASES)(
    'ASVS 6.3.1: nobody is let through by a limiter whose store fails, on %s',
    async (kind, { task }) => {
      const database = await createDatabase(kind);
      const service = await TestService.start({ RATE_LIMIT: 'on', TRUST_PROXY: '1' }, database);
      onTestFinished(async () => {
        vi.restoreAllMocks();
        await service.stop();
        await database.remove();
      });
      const { login, password, refreshToken } = await service.createUser();
      const rows = () => database.query('SELECT * FROM users ORDER BY id');
      const before = await rows();
      const compare = vi.spyOn(PasswordHasher.prototype, 'compare');
      await database.query('ALTER TABLE rate_limits RENAME TO rate_limits_away');
      const most = times(1000, 100);
      const answers: Answer[] = [];
      for (let index = 0; index < most; index += 1) {
        answers.push(
          // Each of another address: this process has counted none of it, and asks the store.
          await service.client.post('/token', { login, password }, own(index)),
          await service.client.post('/token/refresh', { refreshToken }, own(index)),
        );
      }
      const compared = compare.mock.calls.length;
      const after = await rows();
      await database.query('ALTER TABLE rate_limits_away RENAME TO rate_limits');
      const { status } = await service.client.post('/token', { login, password });
      note(
        { task },
        {
          tried: `${whole(answers.length)} sign-ins and refreshes while the store of the limiter fails, ${kind}`,
          seen: `all answered ${[...new Set(answers.map((answer) => answer.status))].join(', ')} with Retry-After; ${compared} passwords compared, no row of users changed; let in again once it is mended`,
        },
      );
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([503]));
      expect(answers.every(({ headers }) => headers.get('retry-after') === '1')).toBe(true);
      expect(compared).toBe(0);
      expect(after).toEqual(before);
      expect(status).toBe(201);
    },
  );
});
