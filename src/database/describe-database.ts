import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { DatabaseSettings } from '../settings/setting-values.js';
import { connectionOptions } from './postgres/connection-options.js';

/**
 * Says where a database is: the absolute path of its file, or its name, host and port. Nothing else of its address may
 * be shown: the user's password can stand in several places.
 */
export function describeDatabase(settings: DatabaseSettings): string {
  if (settings.kind === 'sqlite') return resolve(settings.path);
  const { database, host, port } = connectionOptions(settings.url);
  return `${database} on ${host.startsWith('/') ? host : authorityOf(host, port)}`;
}

/** Returns a host and its port as URLs have them: an IPv6 address in brackets. */
export const authorityOf = (host: string, port: number): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
