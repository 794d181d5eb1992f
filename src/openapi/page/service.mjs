// @ts-check

/** The longest wait for a response, in milliseconds: a sign-in may wait in a queue for half a minute. */
const TIMEOUT = 60_000;

/** A request that has failed, with a message for the user of the page. */
export class ServiceError extends Error {
  /**
   * @param {number} status the HTTP status; 0: there was no response
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Sends a body to the service, and returns that of the response.
 *
 * @param {URL} url
 * @param {object} body
 * @returns {Promise<any>} undefined: it is empty
 */
export async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  }).catch(() => {
    throw new ServiceError(
      0,
      'The service does not respond. Check that it runs and that this device is online, and try again.',
    );
  });
  const text = await response.text().catch(() => '');
  if (!response.ok) throw new ServiceError(response.status, messageOf(response, read(text)));
  return read(text);
}

/** @param {string} text */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {Response} response
 * @param {any} body
 */
function messageOf({ status, headers }, body) {
  const wait = Number(headers.get('Retry-After'));
  const again = wait > 0 ? `Try again in ${duration(wait)}.` : 'Try again later.';
  switch (status) {
    case 401:
      return 'The login or the password is wrong, or the user is locked out or disabled.';
    case 429:
      return `There were too many attempts. ${again}`;
    case 503:
      return `The service is busy. ${again}`;
    default:
      return typeof body?.message === 'string'
        ? `${body.message} (${status})`
        : `The service responded with status ${status}.`;
  }
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds === 1) return 'a second';
  if (seconds < 120) return `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
