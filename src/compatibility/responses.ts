import type { Dialect } from '../dialect/dialect.js';
import type { Settings } from '../settings/settings.js';
import { routeOf } from './routes.js';

/** The version of the original's API that is spoken. */
const SPOKEN_API = '4.1.0';
/** The routes that the original does not have: their timestamps keep `Z`. */
const OWN_ROUTES = /\/session(?:\/|$)|^GET \/event$/;

/** Returns the function that writes responses as the original does (contract.md §9). */
export function responseWriter(settings: Settings): NonNullable<Dialect['writeResponse']> {
  const { apiPrefix, webSocketUrl } = settings;
  const parent = apiPrefix.slice(0, Math.max(0, apiPrefix.lastIndexOf('/')));
  const writers: Readonly<Record<string, (payload: object) => object>> = {
    'GET /info': (payload) => {
      const { webSocketServerUrl } = payload as { webSocketServerUrl: string };
      return {
        ...payload,
        apiVersion: SPOKEN_API,
        webSocketServerUrl:
          webSocketUrl ?? webSocketServerUrl.replace(`${apiPrefix}/websocket`, `${parent}/websocket`),
      };
    },
    'GET /network/:id': withDevices,
    'GET /devicetype/:id': withDevices,
  };
  return (request, payload) => {
    const route = routeOf(request, settings);
    if (OWN_ROUTES.test(route)) return payload;
    return withoutZone(writers[route]?.(payload) ?? payload);
  };
}

/** A network or device type as the original shows it, with its devices. There are none. */
const withDevices = (payload: object): object => ({ devices: [], ...payload });

/** Writes the timestamps of an object without their zone: they are in UTC. */
export function withoutZone(payload: object): object {
  const entries = Object.entries(payload);
  if (!entries.some(([, value]) => value instanceof Date)) return payload;
  return Object.fromEntries(
    entries.map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Date ? value.toISOString().slice(0, -1) : value,
    ]),
  );
}
