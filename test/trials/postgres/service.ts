import { onTestFinished } from 'vitest';
import { type Differences, PASSWORD, ProvenService } from '../proven-service.js';
import type { Caller } from './watched-load.js';

/** Starts a service that ends with the test, whatever comes of it. */
export async function startService(database: Differences['database']): Promise<ProvenService> {
  const service = await ProvenService.start({ database, documented: false });
  onTestFinished(() => service.discard());
  return service;
}

/** Makes users who have signed in. */
export async function makeCallers(service: ProvenService, count: number): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (let index = 0; index < count; index += 1) {
    const login = `caller-${index}`;
    const userId = await service.createUser(login);
    const { body } = await service.client.signIn({ login, password: PASSWORD });
    callers.push({ userId, login, password: PASSWORD, refreshToken: body.refreshToken });
  }
  return callers;
}
