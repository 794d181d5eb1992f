import { isIP } from 'node:net';
import { resolve } from 'node:path';
import pg from 'pg';
import type { DatabaseSettings } from '../settings/setting-values.js';

/**
 * Says where a database is: the absolute path of its file, or its name, host and port. Nothing else of its address may
 * be shown: the user's password can stand in several places.
 */
export function describeDatabase(settings: DatabaseSettings): string {
  if (settings.kind === 'sqlite') return resolve(settings.path);
  // The driver knows what its own variables, such as PGHOST, and parameters, such as ?host=, make of an address.
  const { database = '', host, port } = new pg.Client({ connectionString: settings.url });
  return `${database} on ${host.startsWith('/') ? host : authorityOf(host, port)}`;
}

/** Returns a host and its port as URLs have them: an IPv6 address in brackets. */
export const authorityOf = (host: string, port: number): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
