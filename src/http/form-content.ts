import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { mostMembersOf } from './body-limits.js';
import { FORM_TYPE, isPlainUtf8, notJsonOn } from './json-content.js';
import { routeConfig } from './route-config.js';

/** Maximum length of a name in an error, and maximum number of names. */
const LONGEST_NAME = 64;
const MOST_NAMED = 20;
const AMPERSAND = 0x26;

/** What {@link AcceptsForm} adds to the Fastify configuration of a route. */
interface FormConfig {
  readonly acceptsForm?: boolean;
}

/**
 * Declares that a route accepts `application/x-www-form-urlencoded` bodies, too (contract.md §6, 415). The document says so
 * in words alone: generated clients choose differently among several types of one body, and some do not compile.
 */
export const AcceptsForm = (): MethodDecorator => routeConfig({ acceptsForm: true } satisfies FormConfig);

/** Parses forms on the routes that accept them. On all others, they are 415 as any type that is not JSON. */
export function acceptForms(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(FORM_TYPE, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      done(null, readForm(request, body));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

function readForm(request: FastifyRequest, body: Buffer): Record<string, string> {
  if (body.length === 0) return {};
  const { acceptsForm } = request.routeOptions.config as FormConfig;
  if (acceptsForm !== true || !isPlainUtf8(request)) throw notJsonOn(request);
  const most = mostMembersOf(request);
  if (countParameters(body) > most) throw requestErrors.tooManyMembers(most);
  return parseForm(body);
}

/** Counts the parameters of a form before anything parses them. */
function countParameters(body: Buffer): number {
  let count = 1;
  for (const byte of body) if (byte === AMPERSAND) count += 1;
  return count;
}

/** @throws {ApiError} 400 for a parameter that comes twice (RFC 6749 §3.2) */
function parseForm(body: Buffer): Record<string, string> {
  const parameters = new Map<string, string>();
  const twice = new Set<string>();
  for (const [name, value] of new URLSearchParams(body.toString())) {
    if (parameters.has(name)) twice.add(name.slice(0, LONGEST_NAME));
    parameters.set(name, value);
  }
  if (twice.size === 0) return Object.fromEntries(parameters);
  const named = [...twice].slice(0, MOST_NAMED);
  throw requestErrors.invalidParameters(
    named.map((field) => ({ field, message: `${field} must be given once` })),
  );
}
