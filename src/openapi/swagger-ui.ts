import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Settings } from '../config/settings.js';
import { makeDocument } from './document.js';

/** Serves the document and a page to try it out: `/swagger`, `/swagger.json`, `/swagger.yaml`; `/` leads there. */
export function serveSwagger(app: NestFastifyApplication, settings: Settings): void {
  SwaggerModule.setup('swagger', app, () => makeDocument(app, settings), {
    useGlobalPrefix: true,
    jsonDocumentUrl: 'swagger.json',
    yamlDocumentUrl: 'swagger.yaml',
    customSiteTitle: 'Hivegate',
    swaggerOptions: {
      persistAuthorization: true,
      displayOperationId: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      validatorUrl: null,
    },
  });
  const fastify = app.getHttpAdapter().getInstance();
  const page = `${settings.apiPrefix}/swagger`;
  for (const url of new Set(['/', settings.apiPrefix || '/', `${settings.apiPrefix}/`])) {
    fastify.get(url, (_request, reply) => reply.redirect(page));
  }
}
