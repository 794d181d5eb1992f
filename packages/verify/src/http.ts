import { VerifyError } from './errors.js';

/** `fetch`, or a function that does the same. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A response, read whole. */
export interface JsonResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: it is not JSON. */
  readonly body: unknown;
}

/** Limits of one request. */
export interface RequestLimits {
  /** Milliseconds, the body included. */
  readonly timeout: number;
  /** The most bytes of a body. */
  readonly mostBytes: number;
}

/**
 * Sends a request. It follows no redirect and sends no cookies.
 *
 * @throws {VerifyError} `unavailable` when there is no response in time, or it is too large
 */
export async function requestJson(
  fetch: Fetch,
  url: string,
  { timeout, mostBytes }: RequestLimits,
  init: RequestInit = {},
): Promise<JsonResponse> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort();
  }, timeout);
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      credentials: 'omit',
      signal: controller.signal,
    });
    const { status, headers } = response;
    return { status, headers, body: parse(await readText(response, mostBytes)) };
  } catch (error) {
    if (error instanceof VerifyError) throw error;
    // Errors of `fetch` can quote the headers of a request, and so a token: only the name is kept.
    const reason = controller.signal.aborted ? `no response in ${timeout} ms` : nameOf(error);
    throw new VerifyError('unavailable', `${new URL(url).pathname} of the issuer cannot be read: ${reason}`);
  } finally {
    clearTimeout(timer);
    // Ends a body that has not been read.
    controller.abort();
  }
}

async function readText(response: Response, mostBytes: number): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let [bytes, text] = [0, ''];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > mostBytes) throw new VerifyError('unavailable', 'A response of the issuer is too large');
    text += decoder.decode(value, { stream: true });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function nameOf(error: unknown): string {
  const code = (error as { readonly cause?: { readonly code?: unknown } } | undefined)?.cause?.code;
  if (typeof code === 'string' && /^[A-Z_]+$/.test(code)) return code;
  return error instanceof Error ? error.name : 'unknown error';
}

/** Whether a value is an object that is no array. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
