import { Query } from '@nestjs/common';

import 'reflect-metadata';

const TAKES_QUERY = Symbol('takes query parameters');

/**
 * Injects the query as a DTO. Unlike Nest's `@Query()`, it marks the route as one that accepts query parameters.
 * UnknownQueryGuard rejects them on all other routes.
 */
export function QueryParameters(): ParameterDecorator {
  return (target, key, index) => {
    Query()(target, key, index);
    const handler = (target as Record<string | symbol, object>)[key ?? ''];
    if (handler) Reflect.defineMetadata(TAKES_QUERY, true, handler);
  };
}

/** Whether a handler takes query parameters. */
export const takesQuery = (handler: object): boolean => Reflect.hasMetadata(TAKES_QUERY, handler);
