import type { onRequestAsyncHookHandler, onRequestHookHandler, RouteOptions } from 'fastify';
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

type OnRequestHook = onRequestHookHandler | onRequestAsyncHookHandler;

const onRequestHooksOf = ({ onRequest = [] }: RouteOptions): OnRequestHook[] => [onRequest].flat();

/**
 * Adds a hook to a route that is being registered, after those of the service and before its body is read. The hooks of
 * a route run in the order in which they are added.
 */
export function addOnRequest(route: RouteOptions, hook: OnRequestHook): void {
  route.onRequest = [...onRequestHooksOf(route), hook];
}

/** Adds a hook as {@link addOnRequest} does, but before those that the route has. */
export function prependOnRequest(route: RouteOptions, hook: OnRequestHook): void {
  route.onRequest = [hook, ...onRequestHooksOf(route)];
}
