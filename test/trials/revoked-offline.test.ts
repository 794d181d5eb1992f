import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  createVerifier,
  type Principal,
  type Verifier,
  VerifyError,
} from '../../packages/verify/src/index.js';
import { Front } from '../support/front.js';
import { Several } from './processes/several.js';
import { note, times, whole } from './promise.js';
import { PASSWORD } from './proven-service.js';

/** Within how many milliseconds after the 204 no verifier accepts the token any more (contract.md §5). */
const BOUND = 1000;
const CLIENTS = 32;
const VERIFIERS = 4;
const PROCESSES = 2;

interface Issuer {
  readonly front: Front;
  readonly several: Several;
  /** Makes a verifier that ends with the test. */
  readonly verifier: (whenStale?: { readonly acceptFor: number }) => Verifier;
}

/** Two processes on one PostgreSQL, behind one address. */
async function startIssuer(): Promise<Issuer> {
  const front = await Front.start();
  const several = await Several.start(PROCESSES, { JWT_ISSUER: front.url });
  front.to(...several.clients.map(({ baseUrl }) => baseUrl));
  const verifier: Issuer['verifier'] = (whenStale) => {
    const made = createVerifier({
      issuer: front.url,
      feed: () => several.first.admin.token ?? '',
      ...(whenStale && { whenStale }),
    });
    onTestFinished(() => {
      made.close();
    });
    return made;
  };
  return { front, several, verifier };
}

const verdict = (pending: Promise<Principal>): Promise<string> =>
  pending.then(
    () => 'accepted',
    (error: unknown) => {
      if (error instanceof VerifyError) return error.code;
      throw error;
    },
  );

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;

describe('A revoked session ends offline within a second', () => {
  let issuer: Issuer;
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(async () => {
    issuer.front.close();
    await issuer.several.remove();
  });

  it('when users are disabled or sign out under load', async ({ task }) => {
    const { several, verifier } = issuer;
    const verifiers = Array.from({ length: VERIFIERS }, () => verifier());
    await Promise.all(verifiers.map((one) => one.ready()));
    const most = times(1000, 60);
    /** When the last verifier has accepted the token for the last time, in milliseconds after the 204. */
    const lastAccepted: number[] = [];
    const refusedGood: string[] = [];
    let [begun, verifications] = [0, 0];
    const client = async () => {
      while (begun < most) {
        const index = (begun += 1);
        const by = several.services[index % PROCESSES] ?? several.first;
        const login = `user-${index}`;
        const id = await by.createUser(login);
        const { body } = await by.client.signIn({ login, password: PASSWORD });
        const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
        for (const one of verifiers) {
          const said = await verdict(one.verify(accessToken));
          if (said !== 'accepted') refusedGood.push(said);
        }
        let revokedAt = Infinity;
        const watched = verifiers.map(async (one) => {
          let last = 0;
          for (;;) {
            const said = await verdict(one.verify(accessToken));
            verifications += 1;
            if (said === 'accepted') last = Math.max(0, performance.now() - revokedAt);
            else if (said === 'revoked') return last;
            await pause(5);
          }
        });
        const { status } =
          index % 2
            ? await by.admin.put(`/user/${id}`, { status: 2 })
            : await by.client.post('/token/revoke', { token: refreshToken });
        revokedAt = performance.now();
        if (status !== (index % 2 ? 204 : 200)) throw new Error(`It was not revoked: ${status}`);
        lastAccepted.push(Math.max(...(await Promise.all(watched))));
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    const slowest = Math.max(...lastAccepted);
    note(
      { task },
      {
        tried: `${whole(most)} users disabled or signed out by ${CLIENTS} clients at ${PROCESSES} processes, while ${VERIFIERS} verifiers check their tokens offline (${whole(verifications)} verifications)`,
        seen: `a verifier accepted the token for the last time ${whole(quantile(lastAccepted, 0.5))} ms after the response (median), ${whole(quantile(lastAccepted, 0.99))} ms (99 %), ${whole(slowest)} ms at the most; ${refusedGood.length} good tokens refused`,
      },
    );
    expect(lastAccepted).toHaveLength(most);
    expect(slowest).toBeLessThan(BOUND);
  });

  it.for(['refused', 'silent'] as const)('or not at all, when the feed is %s', async (how, { task }) => {
    const { front, several, verifier } = issuer;
    const acceptFor = 3;
    const [refusing, going] = [verifier(), verifier({ acceptFor })];
    const rounds = times(20, 1);
    const [stale, bounded, recovered]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      const login = `${how}-${round}`;
      await several.first.createUser(login);
      const { body } = await several.first.client.signIn({ login, password: PASSWORD });
      const token = body?.accessToken as string;
      const other = several.first.admin.token ?? '';
      const cutAt = performance.now();
      front.cut(how, /\/revocation/);
      await several.last.client.post('/token/revoke', { token });
      const lastOf = async (one: Verifier): Promise<number> => {
        let last = cutAt;
        for (;;) {
          const said = await verdict(one.verify(token));
          if (said === 'accepted') last = performance.now();
          if (said === 'feedStale') return last - cutAt;
          await pause(5);
        }
      };
      const ends = await Promise.all([lastOf(refusing), lastOf(going)]);
      stale.push(ends[0]);
      bounded.push(ends[1]);
      expect([refusing, going].map(({ status }) => status.feed)).toEqual(['stale', 'stale']);
      front.cut(undefined);
      const healedAt = performance.now();
      while ((await verdict(refusing.verify(other))) !== 'accepted') await pause(5);
      recovered.push(performance.now() - healedAt);
      if ((await verdict(refusing.verify(token))) !== 'revoked') throw new Error('A revocation was missed');
      // The other one has to be current again before the next round.
      while (going.status.feed !== 'current') await pause(5);
    }
    note(
      { task },
      {
        tried: `${rounds} × the feed ${how}, and a session revoked meanwhile`,
        seen: `one that refuses accepted its token for ${whole(Math.max(...stale))} ms at the most, one that goes on for ${acceptFor} s for ${whole(Math.max(...bounded))} ms; both said that the feed is stale; good tokens were accepted again ${whole(Math.max(...recovered))} ms later at the most`,
      },
    );
    expect(Math.max(...stale)).toBeLessThanOrEqual(BOUND + 500);
    expect(Math.max(...bounded)).toBeLessThanOrEqual(acceptFor * 1000 + 500);
  });
});
