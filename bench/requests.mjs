/** The requests that the measurements send: one for each client, to be sent in turn. See autocannon for their shape. */
import { PASSWORD } from './measuring.mjs';

const json = { 'content-type': 'application/json' };
const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** `GET /user/current` */
export const getCurrent = (clients) =>
  clients.map(({ accessToken }) => ({
    method: 'GET',
    path: '/user/current',
    headers: bearer(accessToken),
  }));

/** `POST /token/introspect`: each client asks about its own token, again and again */
export const introspect = (clients) =>
  clients.map(({ accessToken }) => ({
    method: 'POST',
    path: '/token/introspect',
    headers: { ...json, ...bearer(accessToken) },
    body: JSON.stringify({ token: accessToken }),
  }));

/** `PUT /user/current` with `data` */
export const putCurrent = (clients) =>
  clients.map(({ accessToken, id }) => ({
    method: 'PUT',
    path: '/user/current',
    headers: { ...json, ...bearer(accessToken) },
    body: JSON.stringify({ data: { theme: 'light', language: 'de', seen: id } }),
  }));

/** `POST /token/refresh` */
export const refresh = (clients) =>
  clients.map(({ refreshToken }) => ({
    method: 'POST',
    path: '/token/refresh',
    headers: json,
    body: JSON.stringify({ refreshToken }),
  }));

/** `POST /token` with login and password */
export const signIn = (clients) =>
  clients.map(({ login }) => ({
    method: 'POST',
    path: '/token',
    headers: json,
    body: JSON.stringify({ login, password: PASSWORD }),
  }));

/** `GET /user?take=100` by an administrator with this access token */
export const listUsers = (token) => [{ method: 'GET', path: '/user?take=100', headers: bearer(token) }];
