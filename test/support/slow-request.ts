import { connect } from 'node:net';
import type { Client } from './client.js';

/** A sign-in whose body is sent in two parts, with the second one held back. */
export function beginSlowSignIn(
  { baseUrl }: Client,
  user: { readonly login: string; readonly password: string },
) {
  const body = JSON.stringify({ login: user.login, password: user.password });
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  const answer = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('error', reject).on('close', () => {
      resolve(text);
    });
  });
  const sent = new Promise<void>((resolve) => {
    socket.write(
      `POST /token HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
      () => {
        resolve();
      },
    );
  });
  return {
    sent,
    finish: () => {
      socket.write(body.slice(9));
      return answer;
    },
  };
}
