import type { FastifyInstance } from 'fastify';
import { requestErrors } from '../errors/request.errors.js';
import { readMoment } from './moments.js';

/** The parameters of paths that are ids. */
const IDS = ['id', 'networkId', 'deviceTypeId'] as const;
/** The parameters of queries that are moments. */
const MOMENTS = ['since', 'until'] as const;
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
    request.query = withMoments(withFlag(withoutEmpty(request.query as Readonly<Record<string, unknown>>)));
    done();
  });
  // After the token has been checked, and before the body is read.
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const params = request.params as Readonly<Record<string, string | undefined>>;
    done(IDS.every((name) => isId(params[name])) ? null : requestErrors.routeNotFound());
  });
}

/** Returns a query without the parameters that have no value: they count as absent. */
const withoutEmpty = (query: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));

/** Returns a query with its flag in small letters, as the strict service reads it. */
function withFlag(query: Record<string, unknown>): Record<string, unknown> {
  const flag = query[FLAG];
  return typeof flag === 'string' ? { ...query, [FLAG]: flag.toLowerCase() } : query;
}

/** Returns a query with its moments in the form that the strict service reads. */
function withMoments(query: Record<string, unknown>): Record<string, unknown> {
  const moments = MOMENTS.flatMap((name) => {
    const moment = readMoment(query[name]);
    return moment ? [[name, moment.toISOString()] as const] : [];
  });
  return moments.length > 0 ? { ...query, ...Object.fromEntries(moments) } : query;
}

const isId = (value: string | undefined): boolean =>
  value === undefined ||
  (/^\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value)) && Number(value) > 0);
