import { TURN_OF_SERVICE } from '../passwords/hashing-turn.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { Settings } from '../settings/settings.js';

/** Hashes a password as the service does, in a command that hashes no other. */
export async function hashPassword(password: string, settings: Settings): Promise<string> {
  const hasher = new PasswordHasher(settings);
  try {
    return await hasher.hash(password, TURN_OF_SERVICE);
  } finally {
    await hasher.onApplicationShutdown();
  }
}
