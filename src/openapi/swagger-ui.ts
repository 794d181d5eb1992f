import type { FastifyInstance } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Settings } from '../settings/settings.js';
import { makeDocument } from './document.js';

/** Serves Swagger UI at `/swagger`, and the document at `/swagger.json` and `/swagger.yaml`. `/` redirects to it. */
export function serveSwagger(app: NestFastifyApplication, settings: Settings): void {
  const fastify = app.getHttpAdapter().getInstance();
  makeOnce(fastify, [`${settings.apiPrefix}/swagger.json`, `${settings.apiPrefix}/swagger.yaml`]);
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
  const page = `${settings.apiPrefix}/swagger`;
  for (const url of new Set(['/', settings.apiPrefix || '/', `${settings.apiPrefix}/`])) {
    fastify.get(url, (_request, reply) => reply.redirect(page));
  }
}

/**
 * Caches the responses of these routes; they never change. Generating the YAML document is slow: without a cache, fifty
 * requests per second would take all CPU time.
 */
function makeOnce(fastify: FastifyInstance, urls: readonly string[]): void {
  const made = new Map<string, { readonly type: string; readonly text: unknown }>();
  fastify.addHook('onRoute', (route) => {
    const { url } = route;
    if (!urls.includes(url)) return;
    // Also for HEAD: its handler generates the whole body, too.
    route.preHandler = (_request, reply, done) => {
      const known = made.get(url);
      if (known) void reply.type(known.type).send(known.text);
      else done();
    };
    if (route.method !== 'GET') return;
    route.onSend = (_request, reply, text, done) => {
      if (reply.statusCode === 200 && !made.has(url))
        made.set(url, { type: String(reply.getHeader('content-type')), text });
      done();
    };
  });
}
