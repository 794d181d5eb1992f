import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { readId } from '../http/id-param.js';
import { readMoment } from './moments.js';

/** The parameters of paths that are ids. */
const IDS = ['id', 'networkId', 'deviceTypeId'] as const;
/** The parameters of queries that are moments. */
const MOMENTS: readonly string[] = ['since', 'until'];
/** The parameter that is true or false. The Python SDK writes it as `True`. */
const FLAG = 'force';
/** An `Authorization` header without the space that the scheme ends with. */
const WITHOUT_SPACE = /^Bearer(?=[^\s])/i;

/** Makes requests readable that the strict service refuses (contract.md §9): their headers, queries and paths. */
export function readRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { authorization } = request.headers;
    if (authorization !== undefined)
      request.headers.authorization = authorization.replace(WITHOUT_SPACE, 'Bearer ');
    request.query = readQuery(request.query as Readonly<Record<string, unknown>>);
    done();
  });
  // After the token has been checked, and before the body is read.
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const params = request.params as Readonly<Record<string, string | undefined>>;
    const isId = (name: string) => params[name] === undefined || readId(params[name]) !== undefined;
    done(IDS.every(isId) ? null : requestErrors.routeNotFound());
  });
}

/** Returns a query in the form that the strict service reads. A parameter without a value counts as absent. */
const readQuery = (query: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, readParameter(name, value)]),
  );

function readParameter(name: string, value: unknown): unknown {
  if (name === FLAG && typeof value === 'string') return value.toLowerCase();
  return MOMENTS.includes(name) ? (readMoment(value)?.toISOString() ?? value) : value;
}
