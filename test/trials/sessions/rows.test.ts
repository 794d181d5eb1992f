import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EndedSessionsRemoval } from '../../../src/authentication/sessions/ended-sessions-removal.js';
import { createDatabase, type DatabaseKind, DATABASES } from '../../support/database.js';
import { TestService } from '../../support/service.js';
import { isWhole, note, times, whole } from '../promise.js';

/**
 * A day in an hour: access tokens of 75 s instead of half an hour, so that as many of them follow one another as in a
 * day. The slice is three minutes with fewer sessions.
 */
const SECONDS = times(3600, 180);
const TOKEN_SECONDS = times(75, 30);
const MOST = times(100, 10);
/** Milliseconds between two attempts: a few more than the rate limit of a login lets through. */
const INTERVAL = 900;
const SIGN_INS_PER_MINUTE = 60;
/** Milliseconds between two removals, as the service has it. */
const REMOVAL_INTERVAL = 60_000;

describe('Rows stay bounded', () => {
  it.for(DATABASES)('those of sessions, on %s', async (kind: DatabaseKind, { task }) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const database = await createDatabase(kind);
    onTestFinished(() => database.remove());
    const service = await TestService.start(
      {
        RATE_LIMIT: 'on',
        ACCESS_TOKEN_TTL: String(TOKEN_SECONDS),
        ...(!isWhole && { MAX_SESSIONS: String(MOST) }),
      },
      database,
    );
    onTestFinished(() => service.stop());
    const { id, login, password, accessToken } = await service.createUser();
    const removal = service.app.get(EndedSessionsRemoval);
    const now = () => Date.now();
    const count = async (condition: string, ...parameters: number[]) => {
      const [row] = await database.query(
        `SELECT count(*) AS count FROM sessions WHERE user_id = ? AND ${condition}`,
        [id, ...parameters],
      );
      return Number(row?.['count']);
    };

    let [signedIn, limited, mostOpen, mostRows, stale] = [1, 0, 0, 0, 0];
    const began = now();
    let removedAt = began;
    while (now() < began + SECONDS * 1000) {
      vi.setSystemTime(now() + INTERVAL);
      const { status } = await service.client.signIn({ login, password });
      if (status === 201) signedIn += 1;
      else if (status === 429) limited += 1;
      else throw new Error(`A sign-in: ${status}`);
      if (now() < removedAt + REMOVAL_INTERVAL) continue;
      mostRows = Math.max(mostRows, await count('1 = 1'));
      await removal.remove();
      removedAt = now();
      mostOpen = Math.max(mostOpen, await count('revoked_at IS NULL'));
      stale += await count('revoked_at IS NOT NULL AND access_expires_at <= ?', now());
    }
    vi.setSystemTime(now() + TOKEN_SECONDS * 1000);
    await removal.remove();
    const left = await count('1 = 1');
    const first = await service.client.as(accessToken).get('/user/current');
    note(
      { task },
      {
        tried: `a user who signs in at the rate limit for a day, compressed to an hour: ${whole(signedIn)} sign-ins (${whole(limited)} × 429), ${kind}`,
        seen: `at the most ${mostOpen} open sessions and ${whole(mostRows)} rows; ${stale} rows of revoked sessions whose access tokens had expired; ${left} rows once the last ones have`,
      },
    );
    expect(first.status).toBe(401);
    expect(mostOpen).toBe(MOST);
    expect(left).toBe(MOST);
    expect(stale).toBe(0);
    // Those that are open, and those revoked while their access tokens last, until the next removal.
    const perSecond = SIGN_INS_PER_MINUTE / 60;
    expect(mostRows).toBeLessThanOrEqual(
      MOST + (TOKEN_SECONDS + REMOVAL_INTERVAL / 1000) * perSecond + 2 * SIGN_INS_PER_MINUTE,
    );
    expect(limited).toBeGreaterThan(0);
  });
});
