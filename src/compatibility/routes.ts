import type { DialectRequest } from '../dialect/dialect.js';
import type { Settings } from '../settings/settings.js';

/** Returns the route of a request without the prefix, such as `PUT /user/:id`. */
export const routeOf = ({ method, routeOptions }: DialectRequest, { apiPrefix }: Settings): string =>
  `${method} ${(routeOptions.url ?? '').slice(apiPrefix.length)}`;
