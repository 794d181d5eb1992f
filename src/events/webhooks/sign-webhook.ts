import { createHmac } from 'node:crypto';

/** What the secrets of Standard Webhooks begin with. */
const PREFIX = 'whsec_';

/**
 * Returns the header `webhook-signature` of a message, as Standard Webhooks has it: a signature by each secret, so that
 * a receiver can have the old one or the new one during a rotation.
 *
 * @param secrets `whsec_` and the key in base64
 * @param timestamp in seconds
 */
export const signWebhook = (
  secrets: readonly string[],
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): string =>
  secrets
    .map((secret) => Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'))
    .map((signature) => `v1,${signature}`)
    .join(' ');
