import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { authorityOf } from '../database/describe-database.js';
import { OperatorError } from '../errors/operator-error.js';
import type { Settings } from '../settings/settings.js';

/**
 * Listens at the address of the settings.
 *
 * @returns its URL: the host as the settings have it, and the port, which the system may have chosen
 * @throws {OperatorError} when the service cannot listen there
 */
export async function listen(
  app: NestFastifyApplication,
  { host, port }: Pick<Settings, 'host' | 'port'>,
): Promise<string> {
  try {
    await app.listen(port, await addressOf(host));
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, host, port);
  }
  const listening = app.getHttpServer().address() as AddressInfo;
  return `http://${authorityOf(host, listening.port)}`;
}

/**
 * Returns the address to listen on. For `localhost`, Fastify would open a second server on the other address family,
 * and our connection limits and graceful shutdown would not apply to it.
 */
async function addressOf(host: string): Promise<string> {
  return host === 'localhost' ? (await lookup(host)).address : host;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const address = authorityOf(host, port);
  switch (error.code) {
    case 'EADDRINUSE':
      return new OperatorError(
        `The port is busy: another program listens on ${address}. End it, or set PORT or HOST`,
      );
    case 'EACCES':
    case 'EPERM':
      return new OperatorError(
        `The service may not listen on ${address}: ports below 1024 need a privilege. Set PORT`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return new OperatorError(`HOST is not valid: the name ${host} has no address`);
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return new OperatorError(
        `HOST is not valid: ${host} is no address of this machine. 0.0.0.0 or :: stands for all that it has`,
      );
    default:
      return error;
  }
}
