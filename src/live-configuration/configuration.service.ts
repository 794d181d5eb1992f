import { Injectable } from '@nestjs/common';
import { changeAs } from '../authorization/change-as.js';
import type { Principal } from '../authorization/principal.js';
import { Database } from '../database/database.js';
import { requestErrors } from '../errors/request.errors.js';
import { recordEvent } from '../events/record-event.js';
import { Configuration } from './configuration.entity.js';
import { configurationErrors } from './configuration.errors.js';

/** Name of the setting with the maximum number of failed logins before lockout (contract.md §5). */
export const MAX_ATTEMPTS = 'user.login.maxAttempts';

/** Words in names that suggest a secret. They are rejected: DeviceHive stored secrets here (contract.md §8). */
export const SECRET_WORDS = ['secret', 'password', 'private'];
const SECRET = new RegExp(SECRET_WORDS.join('|'), 'i');
const POSITIVE_INTEGER = /^[1-9]\d{0,8}$/;

/** Whether the name of a setting suggests a secret. */
export const isSecret = (name: string): boolean => SECRET.test(name);

/** Returns what is wrong with a value of the setting `name`, or undefined. */
export const faultOfValue = (name: string, value: string): string | undefined =>
  name === MAX_ATTEMPTS && !POSITIVE_INTEGER.test(value)
    ? `${name} must be an integer from 1 to 999999999`
    : undefined;

/** Settings that can be changed at run time. They are read from the database at each use (contract.md §4). */
@Injectable()
export class ConfigurationService {
  constructor(private readonly database: Database) {}

  /** @throws {ApiError} 404 */
  async get(name: string): Promise<Configuration> {
    const found = await this.find(name);
    if (!found) throw configurationErrors.notFound(name);
    return found;
  }

  /** Sets a value. @throws {ApiError} 400 when the name suggests a secret or the value is not valid for the setting */
  async set(name: string, value: string, actor: Principal): Promise<Configuration> {
    if (isSecret(name)) {
      throw requestErrors.invalidFields([
        { field: 'name', message: 'No secret is kept in the configuration' },
      ]);
    }
    const message = faultOfValue(name, value);
    if (message !== undefined) throw requestErrors.invalidFields([{ field: 'value', message }]);
    return changeAs(this.database, actor, { serialise: 'configuration' }, async (transaction, caller) => {
      const { manager } = transaction;
      const before = await manager.findOneBy(Configuration, { name });
      const after = { name, value, entityVersion: before ? before.entityVersion + 1 : 0 };
      if (before) await manager.update(Configuration, name, after);
      else await manager.insert(Configuration, after);
      if (before?.value !== value)
        await recordEvent(transaction, {
          type: 'configuration.set',
          subject: `configuration/${name}`,
          actor: caller,
        });
      return after;
    });
  }

  /** @throws {ApiError} 404 */
  async remove(name: string, actor: Principal): Promise<void> {
    await changeAs(this.database, actor, { serialise: 'configuration' }, async (transaction, caller) => {
      const { affected } = await transaction.manager.delete(Configuration, name);
      if (affected === 0) throw configurationErrors.notFound(name);
      await recordEvent(transaction, {
        type: 'configuration.deleted',
        subject: `configuration/${name}`,
        actor: caller,
      });
    });
  }

  /** Returns the value of `name` if it is a positive integer, else `byDefault`. `turnOf`: see Database. */
  async positiveInteger(name: string, byDefault: number, turnOf?: string): Promise<number> {
    const found = await this.find(name, turnOf);
    return found && POSITIVE_INTEGER.test(found.value) ? Number(found.value) : byDefault;
  }

  private find(name: string, turnOf?: string): Promise<Configuration | null> {
    return this.database.read((manager) => manager.findOneBy(Configuration, { name }), turnOf);
  }
}
