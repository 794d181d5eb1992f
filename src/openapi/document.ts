import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Dialect } from '../dialect/dialect.js';
import { DIALECT } from '../dialect/dialect.module.js';
import type { Settings } from '../settings/settings.js';
import { VERSION } from '../version.js';
import { SHARED_COMPONENTS, STATUSES_IN_WORDS } from './error-responses.js';
import { refineOperations } from './refine-operations.js';
import { refineRequests } from './refine-requests.js';
import { refineSchemas } from './refine-schemas.js';

const DESCRIPTION = `Users, sessions and tokens over REST, compatible with DeviceHive.

Press **Authorize** to sign in, or call \`POST /token\`. Each operation says which right it needs and which errors it can
return. Bodies are JSON; timestamps are ISO 8601 in UTC; every response carries \`X-Request-Id\`.

${STATUSES_IN_WORDS}`;

/** The tags of operations, in the order of use. */
const TAGS: Readonly<Record<string, string>> = {
  Tokens: 'Signing in and out, refreshing, creating tokens with fewer rights, and the keys that verify them.',
  Users: 'Who there is, and what may be changed by whom.',
  Sessions: 'Where users are signed in, what they have created tokens for, and how to revoke that.',
  Networks: 'What access is limited to, and who has it.',
  'Device types': 'The same, along another line.',
  Configuration: 'Settings that change while the service runs.',
  Events: 'What was changed, by whom, and who signed in.',
  Operation: 'For those who run the service.',
};

/**
 * Generates the OpenAPI document from the decorators of the controllers. `server`: the base URL of the API; absent:
 * where the document comes from.
 */
export function makeDocument(
  app: NestFastifyApplication,
  { apiPrefix, passwordMinLength }: Settings,
  server = apiPrefix === '' ? '/' : apiPrefix,
): OpenAPIObject {
  const dialect = app.get<Dialect>(DIALECT);
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Hivegate')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(server)
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'An access token: a JWT (RFC 7519, RFC8725).',
    });
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const generated = SwaggerModule.createDocument(app, builder.build(), { ignoreGlobalPrefix: true });
  const document = refineSchemas(generated);
  Object.assign(document.components ?? {}, SHARED_COMPONENTS);
  refineOperations(document);
  const { refusesUnknownNames, lists } = dialect;
  refineRequests(document, { passwordMinLength, refusesUnknownNames, lists });
  return dialect.describe ? dialect.describe(document) : document;
}
