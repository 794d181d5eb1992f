import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestService, type TestUser } from '../../support/service.js';
import { createUser } from '../../support/users.js';
import type { Scene } from '../table/case.js';
import { CASES } from '../table/cases.js';
import { type Driver, DriverProcess } from './driver.js';
import { GeneratedClient } from './generated-client.js';
import { RecordingProxy } from './recording-proxy.js';

/**
 * Runs the table of cases through a generated client, against a real service with the limits of production: one test
 * for each case. Without the tool chain of the client its tests are skipped, and what is missing is printed.
 */
export function testClient(driver: Driver): void {
  const missing = driver.missing();
  if (missing !== undefined) console.log(`The client by ${driver.name} is not tested: ${missing}`);

  describe.skipIf(missing !== undefined)(`the client by ${driver.name}`, () => {
    let service: TestService;
    let proxy: RecordingProxy;
    let running: DriverProcess;
    let client: GeneratedClient;
    /** The cases that have run. */
    const ran = new Set<string>();

    beforeAll(async () => {
      const command = await driver.prepare();
      service = await TestService.start({ RATE_LIMIT: 'on' });
      proxy = await RecordingProxy.start(service.client.baseUrl);
      running = new DriverProcess(command, proxy.url);
      client = new GeneratedClient(running, proxy);
    }, 600_000);
    afterAll(async () => {
      await running?.stop();
      await proxy?.close();
      await service?.stop();
    });

    it.each(CASES.map(({ name, run }) => [name, run] as const))('%s', async (name, run) => {
      ran.add(name);
      // An address of its own, so that the rate limits of one case do not reach another.
      proxy.address = `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;
      await run(sceneOf(service, client, proxy.address));
    });

    it('has called every operation of the document', ({ skip }) => {
      if (CASES.some(({ name }) => !ran.has(name))) skip('not all cases have run');
      expect(client.neverCalled).toEqual([]);
    });

    it('says nothing on stderr, and ends when its input does', async () => {
      expect(await running.stop()).toEqual({ code: 0, stderr: '' });
    });
  });
}

function sceneOf(service: TestService, client: GeneratedClient, address: string): Scene {
  return {
    client,
    service,
    admin: service.admin.token ?? '',
    createUser: async (fields): Promise<TestUser> => {
      const user = await createUser(service.admin, fields);
      const { body } = await service.client.signIn(user, address);
      const { accessToken, refreshToken } = body as { accessToken: string; refreshToken: string };
      return { ...user, accessToken, refreshToken, client: service.client.as(accessToken) };
    },
  };
}
