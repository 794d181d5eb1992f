/*
 * A receiver of webhooks that fails: of ten requests one gets 500, one is dropped, and one is stored and dropped, so that
 * it comes again. It verifies each request, and stores its id on disk before it takes it. `kill -9` may end it anywhere.
 *
 * Arguments: the port (0: any), the file for what it stores, the secret.
 */
import { appendFileSync, fsyncSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const [port, path, secret] = process.argv.slice(2);
const file = openSync(path, 'a');
const webhook = new Webhook(secret);
const store = (line) => {
  appendFileSync(file, `${line}\n`);
  fsyncSync(file);
};

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const chance = Math.random();
    if (chance < 0.1) return response.writeHead(500).end();
    if (chance < 0.2) return request.socket.destroy();
    try {
      const { id, subject } = webhook.verify(Buffer.concat(chunks), request.headers);
      if (id !== request.headers['webhook-id']) throw new Error('another id');
      store(`${id} ${subject}`);
    } catch (error) {
      store(`fault ${String(error)}`);
    }
    if (chance < 0.3) return request.socket.destroy();
    return response.writeHead(204).end();
  });
});
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${server.address().port}\n`);
});
