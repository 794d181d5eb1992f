import { connect } from 'node:net';
import type { Answer } from './client.js';
import { parseResponse } from './conformance/exchange.js';
import { parseJson } from './json.js';

/**
 * Sends bytes to the service as they are, for what no HTTP client would send, and reads the first answer. The
 * request should ask for `Connection: close`, unless it is one that the service hangs up on anyway.
 */
export function sendRaw(baseUrl: string, ...parts: readonly (string | Uint8Array)[]): Promise<Answer> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(part);
    });
    // The service may hang up before it has read everything; what it said counts.
    socket.on('error', (error) => {
      if (chunks.length === 0) reject(error);
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => {
      resolve(parseAnswer(Buffer.concat(chunks).toString('utf8')));
    });
  });
}

/** Sends bytes on a connection, and returns all that comes back until the connection ends. */
export function exchangeRaw(baseUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve) => {
    let text = '';
    connect(Number(port), hostname)
      .setEncoding('utf8')
      .on('data', (part: string) => (text += part))
      .on('error', () => undefined)
      .on('close', () => {
        resolve(text);
      })
      .write(bytes);
  });
}

function parseAnswer(raw: string): Answer {
  const { body: text, ...head } = parseResponse(raw);
  return { ...head, text, body: parseJson(text) };
}
