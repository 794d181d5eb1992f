import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { stringify } from '../text/json-text.js';
import { parseJsonBody } from './json-body.js';

/** Accepts bodies as JSON in UTF-8 and refuses every other type with 415; writes responses as JSON (contract.md §6). */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    /^application\/json\s*(?:;|$)/i,
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      try {
        done(null, readJson(request, body));
      } catch (error) {
        done(error as Error, undefined);
      }
    },
  );
  fastify.addHook('onRequest', ({ headers }, _reply, done) => {
    // A missing type counts as JSON, and so does an empty body of any type: it is {}.
    if ((headers['content-type'] ?? '') === '' || headers['content-length'] === '0')
      headers['content-type'] = 'application/json';
    done();
  });
  fastify.setReplySerializer((payload) => stringify(payload));
}

/** Whether a body is neither in another charset than UTF-8 nor compressed, as its headers say. */
export function isPlainUtf8({ headers }: FastifyRequest): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^utf-?8$/i.test(charset) && encoding.toLowerCase() === 'identity';
}

function readJson(request: FastifyRequest, body: Buffer): unknown {
  if (!isPlainUtf8(request)) throw requestErrors.notJson();
  try {
    return parseJsonBody(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw requestErrors.malformedJson();
  }
}
