import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Dialect } from '../dialect/dialect.js';
import { DIALECT } from '../dialect/dialect.module.js';
import type { Settings } from '../settings/settings.js';
import { VERSION } from '../version.js';

const DESCRIPTION = `Users, sessions and tokens over REST, compatible with DeviceHive.

Sign in at \`POST /token\`, press **Authorize**, and paste the access token. Each operation says which right it needs and
which errors it can return. Bodies are JSON; timestamps are ISO 8601 in UTC; every response carries \`X-Request-Id\`.`;

const METHODS = ['get', 'post', 'put', 'delete'] as const;

/** Generates the OpenAPI document from the decorators of the controllers. */
export function makeDocument(app: NestFastifyApplication, { apiPrefix }: Settings): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Hivegate')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(apiPrefix === '' ? '/' : apiPrefix)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' })
    .addTag('Users', 'Who there is, and what may be changed by whom.')
    .addTag(
      'Tokens',
      'Signing in and out, refreshing, creating tokens with fewer rights, and the keys that verify them.',
    )
    .addTag(
      'Sessions',
      'Where users are signed in, what they have created tokens for, and how to revoke that.',
    )
    .addTag('Networks', 'What access is limited to, and who has it.')
    .addTag('Device types', 'The same, along another line.')
    .addTag('Configuration', 'Settings that change while the service runs.')
    .addTag('Events', 'What was changed, by whom, and who signed in.')
    .addTag('Operation', 'For those who run the service.')
    .build();
  const document = SwaggerModule.createDocument(app, config, { ignoreGlobalPrefix: true });
  for (const path of Object.values(document.paths)) {
    // State explicitly that an operation without access rule is public: `security: []`.
    for (const method of METHODS) if (path[method]) path[method].security ??= [];
  }
  const { describe } = app.get<Dialect>(DIALECT);
  return describe ? describe(document) : document;
}
