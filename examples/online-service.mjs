/**
 * A service that asks Hivegate who its caller is, at each request: a user who is disabled is refused at once, and the
 * answer is the user as it is now. The price is a request for a request; for the other way see plain-service.mjs.
 *
 *   HIVEGATE_URL=http://127.0.0.1:8080 PORT=9001 node examples/online-service.mjs
 *   curl localhost:9001/hello -H "Authorization: Bearer $TOKEN"
 */
import { createServer } from 'node:http';

const { HIVEGATE_URL = 'http://127.0.0.1:8080', PORT = '9001' } = process.env;
const TIMEOUT = 3000;

/** The status and body with which a request of this bearer is to be refused, or its user. */
async function whoIs(authorization) {
  if (!authorization) return { refused: 401 };
  let answer;
  try {
    answer = await fetch(`${HIVEGATE_URL}/user/current`, {
      headers: { authorization },
      signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch {
    // Not known to be good: refused, but not as the caller's fault.
    return { refused: 503, retryAfter: '1' };
  }
  if (answer.ok) return { user: await answer.json() };
  await answer.body?.cancel();
  // 401: no good token. 403: a good one that may not read its own user (action GetCurrentUser).
  if (answer.status === 401 || answer.status === 403) return { refused: answer.status };
  return { refused: 503, retryAfter: answer.headers.get('retry-after') ?? '1' };
}

const server = createServer(async (request, response) => {
  const { user, refused, retryAfter } = await whoIs(request.headers.authorization);
  const body = user
    ? { message: `Hello ${user.login}`, networks: user.networks.map(({ name }) => name) }
    : { message: refused === 503 ? 'Try again' : 'Refused' };
  response.writeHead(user ? 200 : refused, {
    'Content-Type': 'application/json',
    ...(retryAfter && { 'Retry-After': retryAfter }),
  });
  response.end(JSON.stringify(body));
});
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
