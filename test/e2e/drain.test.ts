import { describe, expect, it, onTestFinished } from 'vitest';
import { ServiceProcess } from '../support/process.js';
import { beginSlowSignIn } from '../support/slow-request.js';
import { temporaryDatabase } from '../support/temporary.js';

const ADMINISTRATOR = { login: 'ada', password: 'the password of the operator' };
/** Longer than any test: the drain ends by a signal alone. */
const LONG = { DRAIN_SECONDS: '3600' };
const DRAINING = /SIGTERM: not ready any more; still serving for (\d+) s/;

async function start(environment: Record<string, string>) {
  const { url } = await temporaryDatabase();
  const started = await ServiceProcess.start({
    DATABASE_URL: url,
    ADMIN_LOGIN: ADMINISTRATOR.login,
    ADMIN_PASSWORD: ADMINISTRATOR.password,
    ...environment,
  });
  onTestFinished(() => started.service.remove());
  return started;
}

describe('DRAIN_SECONDS', () => {
  it('after SIGTERM is not ready, serves everything else, and a second SIGTERM ends it', async () => {
    const { service, client } = await start(LONG);
    expect((await client.get('/health/ready')).status).toBe(200);

    service.signal('SIGTERM');
    expect((await service.written(DRAINING))[1]).toBe('3600');
    const ready = await client.get('/health/ready');
    expect({ status: ready.status, retryAfter: ready.headers.has('retry-after') }).toEqual({
      status: 503,
      retryAfter: true,
    });
    const live = await client.get('/health/live');
    expect(live.status).toBe(200);
    // Clients may keep their connections.
    expect(live.headers.get('connection')).not.toBe('close');
    const { status, body } = await client.signIn(ADMINISTRATOR);
    expect(status).toBe(201);
    const user = client.as(body.accessToken);
    expect((await user.put('/user/current', { data: { drained: true } })).status).toBe(204);
    expect((await user.get('/user/current')).body.data).toEqual({ drained: true });

    service.signal('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(service.stderr).toMatch(/SIGTERM: finishing what is in flight\n$/);
  });

  it('ends by itself after the seconds', async () => {
    const { service } = await start({ DRAIN_SECONDS: '1' });
    service.signal('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(service.stderr).toMatch(/still serving for 1 s\nSIGTERM: finishing what is in flight\n$/);
  });

  it('lets a SIGINT end the drain, too, and what is in flight is finished', async () => {
    const { service, client } = await start(LONG);
    service.signal('SIGTERM');
    await service.written(DRAINING);
    const slow = beginSlowSignIn(client, ADMINISTRATOR);
    await slow.sent;
    // Its head has been read once a later request on another connection has a response.
    await client.get('/health/live');
    service.signal('SIGINT');
    await service.written(/SIGINT: finishing what is in flight/);
    // A third signal changes nothing.
    service.signal('SIGTERM');
    expect(await slow.finish()).toMatch(/^HTTP\/1\.1 201 /);
    expect(await service.ended).toBe(0);
  });

  it('does not count for SIGINT, which a terminal sends', async () => {
    const { service } = await start(LONG);
    service.signal('SIGINT');
    expect(await service.ended).toBe(0);
    expect(service.stderr).not.toMatch(DRAINING);
  });

  it('is 0 by default: the service stops at once', async () => {
    const { service } = await start({});
    expect(await service.stop()).toBe(0);
    expect(service.stderr).not.toMatch(DRAINING);
  });
});
