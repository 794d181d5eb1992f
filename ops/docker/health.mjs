/**
 * The health check of the image: exits with 0 if `GET /health/live` of the service in the same container is a success.
 *
 * It reads the settings as the service does, so that HOST, PORT, API_PREFIX, COMPATIBILITY and files with settings count.
 */
import { readServiceSettings } from './dist/compatibility/service-settings.js';

/** The addresses that stand for all addresses, and where such a service can be reached from the same container. */
const REACHABLE = { '0.0.0.0': '127.0.0.1', '::': '::1' };

try {
  const { host, port, apiPrefix } = readServiceSettings();
  const address = REACHABLE[host] ?? host;
  const authority = address.includes(':') ? `[${address}]` : address;
  const { ok, status } = await fetch(`http://${authority}:${port}${apiPrefix}/health/live`, {
    redirect: 'error',
  });
  if (!ok) throw new Error(`GET /health/live returned ${status}`);
} catch (error) {
  // Docker keeps this line: docker inspect --format '{{json .State.Health}}'.
  console.error(error.cause?.message || error.message);
  process.exitCode = 1;
}
