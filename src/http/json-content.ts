import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { applyDecorators } from '@nestjs/common';
import { ApiConsumes } from '@nestjs/swagger';
import type { Dialect } from '../dialect/dialect.js';
import type { ApiError } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';
import { stringify } from '../text/json-text.js';
import { mostMembersOf } from './body-limits.js';
import { isObject, parseJsonBody } from './json-body.js';
import { ParsingTurns } from './parsing-turns.js';
import { partyOf } from './party.js';
import { routeConfig } from './route-config.js';

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;
/** The type of forms, which some routes accept (form-content.ts). */
export const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const MERGE_PATCH = 'application/merge-patch+json';
const MERGE_PATCH_TYPE = /^application\/merge-patch\+json(?=\s*(?:;|$))/i;
/** The types that {@link AcceptsMergePatch} accepts. */
export const MERGE_PATCH_TYPES = [MERGE_PATCH, 'application/json'];
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** What {@link AcceptsMergePatch} adds to the Fastify configuration of a route. */
interface MergePatchConfig {
  readonly acceptsMergePatch?: boolean;
}

/** Declares that a route accepts `application/merge-patch+json` bodies, too (RFC 7396). */
export const AcceptsMergePatch = (): MethodDecorator =>
  applyDecorators(
    routeConfig({ acceptsMergePatch: true } satisfies MergePatchConfig),
    // One type alone: generated clients choose differently among several.
    ApiConsumes(MERGE_PATCH),
  );

/** Accepts bodies as JSON in UTF-8 and refuses every other type with 415; writes responses as JSON (contract.md §6). */
export function acceptJsonOnly(fastify: FastifyInstance, { readBody, writeResponse }: Dialect): void {
  fastify.removeAllContentTypeParsers();
  const turns = new ParsingTurns();
  fastify.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const parse = () => {
      try {
        done(null, readJson(request, body, readBody));
      } catch (error) {
        done(error as Error, undefined);
      }
    };
    const refuse = () => {
      done(requestErrors.overloaded(), undefined);
    };
    turns.add({ party: partyOf(request), bytes: body.length, parse, refuse });
  });
  fastify.addContentTypeParser('*', refuseUnlessEmpty);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request;
    const type = headers['content-type'] ?? '';
    // A missing type counts as JSON, and so does a missing body of any type: it is {}.
    if (type === '' || !hasBody(headers)) headers['content-type'] = 'application/json';
    // Fastify itself would refuse a type that is not well-formed, though the body may be empty.
    else if (!JSON_TYPE.test(type) && !FORM_TYPE.test(type))
      headers['content-type'] =
        MERGE_PATCH_TYPE.test(type) && acceptsMergePatch(request)
          ? type.replace(MERGE_PATCH_TYPE, 'application/json')
          : 'application/other';
    done();
  });
  fastify.setReplySerializer((payload) => stringify(payload));
  if (writeResponse) {
    fastify.addHook('preSerialization', (request, reply, payload, done) => {
      // Errors are the same in every dialect.
      const isWritten = reply.statusCode < 400 && isObject(payload);
      done(null, isWritten ? writeResponse(request, payload) : payload);
    });
  }
}

/** Returns the 415 of a route. */
export const notJsonOn = (request: FastifyRequest): ApiError =>
  requestErrors.notJson(acceptsMergePatch(request) ? MERGE_PATCH_TYPES : undefined);

const acceptsMergePatch = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as MergePatchConfig | undefined)?.acceptsMergePatch === true;

/** Whether a request has a body, as its headers say. One in chunks may still be empty. */
const hasBody = (headers: FastifyRequest['headers']): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Whether a body is neither in another charset than UTF-8 nor compressed, as its headers say. */
export function isPlainUtf8({ headers }: FastifyRequest): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^utf-?8$/i.test(charset) && encoding.toLowerCase() === 'identity';
}

function readJson(request: FastifyRequest, body: Buffer, readBody: Dialect['readBody']): unknown {
  if (body.length === 0) return readBody ? readBody(request, {}, '{}') : {};
  // Its client may have gone while it waited.
  if (request.raw.socket.destroyed) throw requestErrors.invalidRequest();
  if (!isPlainUtf8(request)) throw notJsonOn(request);
  // RFC 8259 §8.1 lets a parser ignore it.
  const json = body.indexOf(BYTE_ORDER_MARK) === 0 ? body.subarray(BYTE_ORDER_MARK.length) : body;
  try {
    const parsed = parseJsonBody(json, mostMembersOf(request));
    return readBody && isObject(parsed) ? readBody(request, parsed, json.toString()) : parsed;
  } catch (error) {
    throw error instanceof SyntaxError ? requestErrors.malformedJson() : error;
  }
}

/** Responds 415 to the first byte of a body of another type; a body without bytes is {}. */
function refuseUnlessEmpty(
  request: FastifyRequest,
  body: IncomingMessage,
  done: (error: Error | null, body?: unknown) => void,
): void {
  if (request.headers['transfer-encoding'] === undefined) {
    done(notJsonOn(request), undefined);
    return;
  }
  const settle = (error: Error | null) => {
    body.off('data', refuse).off('end', accept).off('error', settle);
    done(error, {});
  };
  const refuse = () => {
    settle(notJsonOn(request));
  };
  const accept = () => {
    settle(null);
  };
  body.on('data', refuse).on('end', accept).on('error', settle);
}
