import { createRequire } from 'node:module';

/** The version of the service, from package.json. */
export const VERSION = (createRequire(import.meta.url)('../package.json') as { version: string }).version;
