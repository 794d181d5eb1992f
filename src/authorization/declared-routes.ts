import 'reflect-metadata';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS } from './access.decorator.js';

/** A handler of a controller. */
export interface Route {
  /** `Controller.method`. */
  readonly name: string;
  readonly handler: object;
}

/** Every route of the running application. */
export function routesOf(discovery: DiscoveryService, scanner: MetadataScanner): Route[] {
  return discovery.getControllers().flatMap(({ metatype }) => {
    if (!metatype) return [];
    const prototype = metatype.prototype as Record<string, object>;
    return scanner
      .getAllMethodNames(prototype)
      .map((method) => ({ name: `${metatype.name}.${method}`, handler: prototype[method] ?? {} }))
      .filter(({ handler }) => Reflect.hasMetadata(METHOD_METADATA, handler));
  });
}

/** The names of the routes that declare no access. */
export function undeclaredRoutes(routes: readonly Route[]): string[] {
  return routes.filter(({ handler }) => !Reflect.hasMetadata(ACCESS, handler)).map(({ name }) => name);
}
