import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { VERSION } from '../../version.js';
import { signWebhook } from './sign-webhook.js';

/** Times of an attempt, in milliseconds. */
const LIMITS = {
  /** From its start, the look-up of the name included, to the status of its response. */
  attempt: 15_000,
  /** From there until the rest of the response is dropped with its connection. Its content is not used. */
  body: 1000,
};
/** So much of the rest is read, in bytes. */
const BODY_LIMIT = 16 * 1024;
/** In bytes. */
const HEADERS_LIMIT = 16 * 1024;
/** Milliseconds until an idle connection is closed: most servers wait longer. */
const IDLE_TIME = 4000;

/** A message to deliver. */
export interface WebhookMessage {
  /** The id of the event: the same in each attempt. */
  readonly id: string;
  /** The event in JSON. */
  readonly body: string;
}

/** What came of an attempt. */
export type Attempt =
  | { readonly isDelivered: true }
  | {
      readonly isDelivered: false;
      /** In words for a log: a status, or the code of an error. Never a text of the receiver, and never the URL. */
      readonly reason: string;
      /** Milliseconds for which the receiver asks for no other attempt. */
      readonly retryAfter?: number;
    };

/**
 * Sends messages to `WEBHOOK_URL`. Only the status of a response counts: redirects are failures, bodies are dropped.
 *
 * By `node:http`, not by `fetch`: it shows when a body that is not wanted has ended, so that connections are kept.
 */
export class WebhookSender {
  private readonly url: URL;
  private readonly agent;

  /**
   * @param secrets all of them sign
   * @param limits others than those of production, for tests
   */
  constructor(
    url: string,
    private readonly secrets: readonly string[],
    private readonly limits = LIMITS,
  ) {
    this.url = new URL(url);
    const options = { keepAlive: true, timeout: IDLE_TIME };
    this.agent = this.url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** Makes one attempt. Never rejects. An abort is a failure; the receiver may have the message all the same. */
  async send(message: WebhookMessage, signal: AbortSignal): Promise<Attempt> {
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = {
      'content-type': 'application/cloudevents+json',
      'content-length': Buffer.byteLength(message.body),
      'user-agent': `hivegate/${VERSION}`,
      'webhook-id': message.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signWebhook(this.secrets, { ...message, timestamp }),
    };
    const open = this.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open(this.url, {
      method: 'POST',
      headers,
      agent: this.agent,
      signal,
      maxHeaderSize: HEADERS_LIMIT,
    });
    try {
      const response = await responseOf(request, message.body, this.limits.attempt);
      await drop(response, this.limits.body);
      return judge(response);
    } catch (error) {
      return { isDelivered: false, reason: reasonOf(error as NodeJS.ErrnoException) };
    }
  }

  /** Closes the idle connections. */
  close(): void {
    this.agent.destroy();
  }
}

/** Sends the body and waits for the status. Rejects when that takes too long. */
function responseOf(request: ClientRequest, body: string, limit: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error('no response in time'), { code: 'ETIMEDOUT' }));
    }, limit);
    request.once('response', resolve);
    // It stays: an error after the response, such as a reset, is one of the connection alone.
    request.on('error', reject);
    request.once('close', () => {
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    for (const event of ['response', 'close'])
      request.once(event, () => {
        clearTimeout(timer);
      });
    request.end(body);
  });
}

/** Reads and drops the body; closes the connection when it is too long or takes too long. */
function drop(response: IncomingMessage, limit: number): Promise<void> {
  return new Promise((resolve) => {
    let length = 0;
    const timer = setTimeout(() => response.destroy(), limit);
    response.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_LIMIT) response.destroy();
    });
    response.on('error', () => undefined);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function judge({ statusCode = 0, headers }: IncomingMessage): Attempt {
  if (statusCode >= 200 && statusCode < 300) return { isDelivered: true };
  const reason = `status ${statusCode}`;
  const isBusy = statusCode === 429 || statusCode === 503;
  const retryAfter = isBusy ? readRetryAfter(headers['retry-after']) : undefined;
  return { isDelivered: false, reason, ...(retryAfter !== undefined && { retryAfter }) };
}

/** Reads `Retry-After`, which is a number of seconds or a date, into milliseconds. */
export function readRetryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const milliseconds = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.max(milliseconds, 0) : undefined;
}

/** Not the message of the error: it may name the address, or quote what the receiver sent. */
const reasonOf = ({ code, name }: NodeJS.ErrnoException): string => code ?? name;
