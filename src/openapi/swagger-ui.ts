import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Settings } from '../settings/settings.js';
import { makeDocument } from './document.js';

/** The page, its scripts and its styles. */
const PAGE = fileURLToPath(new URL('page/', import.meta.url));
const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** What the page loads of Swagger UI. The package has an `index.html` of its own, which shows another API. */
const SWAGGER_UI_FILES = new Set(['/swagger-ui-bundle.js', '/swagger-ui.css', '/favicon-32x32.png']);

/** Serves Swagger UI at `/swagger`, and the document at `/swagger.json` and `/swagger.yaml`. `/` redirects to it. */
export function serveSwagger(app: NestFastifyApplication, settings: Settings): void {
  const fastify = app.getHttpAdapter().getInstance();
  makeOnce(fastify, [`${settings.apiPrefix}/swagger.json`, `${settings.apiPrefix}/swagger.yaml`]);
  SwaggerModule.setup('swagger', app, () => makeDocument(app, settings), {
    useGlobalPrefix: true,
    jsonDocumentUrl: 'swagger.json',
    yamlDocumentUrl: 'swagger.yaml',
    ui: false,
  });
  servePage(fastify, `${settings.apiPrefix}/swagger`);
  for (const url of new Set(['/', settings.apiPrefix || '/', `${settings.apiPrefix}/`])) {
    fastify.get(url, (_request, reply) => reply.redirect(`${settings.apiPrefix}/swagger`));
  }
}

/**
 * Serves the page at the path `page`. It is our own and not that of `SwaggerModule`, which has no viewport, needs inline
 * styles, and cannot sign in (docs/decisions/0031-sign-in-on-the-page.md).
 */
function servePage(fastify: FastifyInstance, page: string): void {
  const html = readFileSync(`${PAGE}page.html`, 'utf8');
  // Its addresses are relative, so it has one address. In the compatible mode a slash at the end has been left out here.
  fastify.get(page, ({ originalUrl }, reply) =>
    originalUrl.split('?', 1)[0]?.endsWith('/')
      ? reply.redirect('../swagger')
      : reply.type('text/html; charset=utf-8').send(html),
  );
  fastify.get(`${page}/`, (_request, reply) => reply.redirect('../swagger'));
  fastify.get(`${page}/index.html`, (_request, reply) => reply.redirect('../swagger'));
  void fastify.register(fastifyStatic, {
    root: PAGE,
    prefix: `${page}/page/`,
    decorateReply: false,
    allowedPath: (path) => /\.(?:mjs|css)$/.test(path),
  });
  void fastify.register(fastifyStatic, {
    root: SWAGGER_UI,
    prefix: `${page}/`,
    decorateReply: false,
    allowedPath: (path) => SWAGGER_UI_FILES.has(path),
  });
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
