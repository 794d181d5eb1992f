import { PASSWORD, type ProvenService } from '../proven-service.js';
import type { Caller } from './watched-load.js';

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
