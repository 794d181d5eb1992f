import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { connect as connectByTls } from 'node:tls';
import type { Settings } from '../../settings/settings.js';
import { type Diagnosis, ok, warning } from './diagnosis.js';

/** Milliseconds that a connection may take. */
const TIMEOUT = 3000;

/** Checks whether the receiver of webhooks can be reached, and its certificate. Sends no request. */
export async function checkWebhooks({
  webhookUrl,
}: Pick<Settings, 'webhookUrl'>): Promise<readonly Diagnosis[]> {
  if (webhookUrl === undefined) return [];
  const url = new URL(webhookUrl);
  // Its path and query may hold a token.
  const shown = `The receiver of WEBHOOK_URL, ${url.host},`;
  try {
    await reach(url);
    return [ok(`${shown} can be reached`)];
  } catch (problem) {
    const { code, name } = problem as NodeJS.ErrnoException;
    return [warning(`${shown} cannot be reached: ${code ?? name}. Until it can, events wait`)];
  }
}

/** Opens a connection and closes it. */
async function reach({ protocol, hostname, port }: URL): Promise<void> {
  const isEncrypted = protocol === 'https:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const target = { host, port: Number(port || (isEncrypted ? 443 : 80)) };
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = isEncrypted ? connectByTls({ ...target, ...name }) : connect(target);
  try {
    await once(socket, isEncrypted ? 'secureConnect' : 'connect', { signal: AbortSignal.timeout(TIMEOUT) });
  } finally {
    // Errors that come later are of no interest.
    socket.on('error', () => undefined).destroy();
  }
}
