import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { discoveryRewriter } from '../../../src/authentication/discovery/issuer.js';
import { pathRewriter } from '../../../src/compatibility/paths.js';
import { readServiceSettings } from '../../../src/compatibility/service-settings.js';
import { createService } from '../../../src/create-app.js';
import { makeDocument } from '../../../src/openapi/document.js';
import type { Settings } from '../../../src/settings/settings.js';
import { OpenApiConformance } from './openapi-conformance.js';

/** By the settings that a document depends on. Making one takes a fifth of the time of a start. */
const conformances = new Map<string, OpenApiConformance>();
/** Services of other processes, by their origin. */
const processes = new Map<string, OpenApiConformance>();

/** What the document of a service of this process is. */
export function conformanceOf(app: NestFastifyApplication, settings: Settings): OpenApiConformance {
  const { database: _, port: __, ...others } = settings;
  const key = JSON.stringify(others);
  let conformance = conformances.get(key);
  if (!conformance) {
    const isStrict = settings.compatibility === undefined;
    conformance = new OpenApiConformance(makeDocument(app, settings), {
      prefix: settings.apiPrefix,
      rewrite: discoveryRewriter(settings, isStrict ? undefined : pathRewriter(settings)),
      requests: isStrict ? 'both' : 'allowed are accepted',
    });
    conformances.set(key, conformance);
  }
  return conformance;
}

/** Has the responses of another process checked, which `environment` has been given to. */
export async function describeProcess(
  origin: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'hivegate-document-'));
  // Of its settings those that make another document.
  const { API_PREFIX, COMPATIBILITY, PASSWORD_MIN_LENGTH, CLIENT_WRITABLE_FIELDS, METRICS } = environment;
  const settings = readServiceSettings({
    ...definedOf({ API_PREFIX, COMPATIBILITY, PASSWORD_MIN_LENGTH, CLIENT_WRITABLE_FIELDS }),
    ...(METRICS === 'on' && { METRICS }),
    DATABASE_URL: `sqlite:${join(directory, 'users.sqlite')}`,
    BCRYPT_COST: '4',
    LOG_LEVEL: 'silent',
  });
  const { app } = await createService(settings);
  processes.set(origin, conformanceOf(app, settings));
  await app.close();
  await rm(directory, { recursive: true });
}

/** Has the responses of another process checked by the document that it serves itself: its code is another. */
export function describeBy(document: OpenAPIObject, baseUrl: string): void {
  processes.set(new URL(baseUrl).origin, new OpenApiConformance(document, { prefix: '', requests: 'both' }));
}

/** Has nothing checked at an origin any more: another service may get its port. */
export const forgetProcess = (origin: string): void => void processes.delete(origin);

/** The document of the service of another process at a base URL, if it is to be checked. */
export const conformanceAt = (baseUrl: string): OpenApiConformance | undefined =>
  processes.get(new URL(baseUrl).origin);

const definedOf = (values: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
