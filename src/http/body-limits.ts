import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DEFAULT_BODY_LIMIT, type OperationDoc } from '../openapi/operation.decorator.js';
import { routeConfig } from './route-config.js';

const KIB = 1024;
/** The largest body of a route that declares no other limit, in bytes. */
export const DEFAULT_BODY_BYTES = DEFAULT_BODY_LIMIT * KIB;
/** Maximum number of members of a body, those of nested objects included. */
const MOST_MEMBERS = 16_384;
/** The same where no token is needed. */
const MOST_MEMBERS_WITHOUT_TOKEN = 16;

/** What the decorators below add to the Fastify configuration of a route. */
interface BodyConfig {
  /** Bytes. */
  readonly bodyLimit?: number;
  readonly mostMembers?: number;
}

/** Gives a route the limit of its body that its documentation names (contract.md §6, 413). */
export const BodyLimit = ({ bodyLimit = DEFAULT_BODY_LIMIT }: OperationDoc): MethodDecorator =>
  routeConfig({ bodyLimit: bodyLimit * KIB } satisfies BodyConfig);

/** Declares that anyone may send a body to a route, so it may have few members (contract.md §6, 413). */
export const FewMembers = (): MethodDecorator =>
  routeConfig({ mostMembers: MOST_MEMBERS_WITHOUT_TOKEN } satisfies BodyConfig);

/** Makes Fastify enforce the limits that routes declare with {@link BodyLimit}. */
export function limitBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as BodyConfig;
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
}

/** Returns the limit of the body of a request, in KiB. */
export const bodyLimitOf = (request: FastifyRequest): number => request.routeOptions.bodyLimit / KIB;

/** Returns the maximum number of members of the body of a request. */
export const mostMembersOf = (request: FastifyRequest): number =>
  (request.routeOptions.config as BodyConfig).mostMembers ?? MOST_MEMBERS;
