import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { discoveryRewriter } from './authentication/discovery/issuer.js';
import { dialectOf } from './compatibility/compatibility.js';
import { configureHttp } from './http/configure-http.js';
import { fastifyOptions } from './http/fastify-options.js';
import { collectRoutes } from './http/method-not-allowed.js';
import { ShutdownState } from './http/shutdown-state.js';
import { createLogger } from './logging/logger.js';
import { NestLogger } from './logging/nest-logger.js';
import { serveSwagger } from './openapi/swagger-ui.js';
import type { Settings } from './settings/settings.js';
import { warningsOf } from './settings/weak-secrets.js';
import { openTracing } from './tracing/tracing.js';
import { FirstAdministrator } from './users/first-administrator.js';

/** A service that is ready to listen. */
export interface Service {
  readonly app: NestFastifyApplication;
}

/**
 * Builds the service, in the same way for production, the tests and the OpenAPI snapshot. `showPassword` receives the
 * generated password of the first administrator, if one is created now.
 */
export async function createService(
  settings: Settings,
  showPassword: (password: string) => void = () => undefined,
): Promise<Service> {
  const logger = createLogger(settings.logLevel);
  for (const warning of warningsOf(settings)) logger.warn(warning);
  const dialect = dialectOf(settings);
  const tracing = await openTracing(settings, logger);
  const adapter = new FastifyAdapter({
    ...fastifyOptions(settings, discoveryRewriter(settings, dialect.rewriteUrl), logger),
    childLoggerFactory: tracing.logger,
  });
  const fastify = adapter.getInstance();
  tracing.record(fastify);
  const refuseOtherMethods = collectRoutes(
    fastify,
    settings.swagger ? [`${settings.apiPrefix}/swagger/*`] : [],
  );
  configureHttp(fastify, settings, dialect);

  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings, dialect), adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  try {
    app.get(ShutdownState).refuseRequests(fastify);
    if (settings.apiPrefix !== '') app.setGlobalPrefix(settings.apiPrefix);
    if (settings.swagger) serveSwagger(app, settings);
    await app.init();
    refuseOtherMethods();
    await app.get(FirstAdministrator).ensure(showPassword);
    await fastify.ready();
    return { app };
  } catch (error) {
    await app.close();
    throw error;
  }
}
