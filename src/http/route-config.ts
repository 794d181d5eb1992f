import { RouteConfig } from '@nestjs/platform-fastify';

import 'reflect-metadata';

const CONFIG = Symbol('route config');

/** Adds to the Fastify configuration of a route. Nest's `@RouteConfig()` would replace what another decorator set. */
export function routeConfig(added: object): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const config = { ...(Reflect.getMetadata(CONFIG, handler) as object | undefined), ...added };
    Reflect.defineMetadata(CONFIG, config, handler);
    RouteConfig(config)(target, key, descriptor);
  };
}
