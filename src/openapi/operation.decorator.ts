import { applyDecorators, HttpCode, type HttpStatus, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ApiError } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';
import { ErrorSchema } from './error.schema.js';

import 'reflect-metadata';

/** OpenAPI documentation of an operation. */
export interface OperationDoc {
  /** Unique in the API. Generated clients use it as the method name. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** The response of a successful request. The handler's decorator sets the status. */
  readonly success: {
    readonly description: string;
    /** The class of the body; `[Class]` for a list of them; absent: the body is empty. */
    readonly type?: Type | [Type];
    readonly headers?: Record<string, { readonly description: string; readonly example: string }>;
  };
  /** Errors that are specific to the operation. The errors of every route are added. */
  readonly errors?: readonly ApiError[];
  /** Examples of the body, by title. */
  readonly examples?: Readonly<Record<string, object>>;
  /** The class of the request body, if there is one. */
  readonly body?: Type;
  /** The largest body in KiB; absent: {@link DEFAULT_BODY_LIMIT}. */
  readonly bodyLimit?: number;
}

/** The largest body of a route that declares no other limit, in KiB (contract.md §6). */
export const DEFAULT_BODY_LIMIT = 128;

const DOCUMENTED = Symbol('documented errors');

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  412: 'A precondition does not hold: `If-Match`, or `If-None-Match`',
  413: 'The body is too large',
  415: 'The body is not JSON',
  429: 'Too many requests',
  500: 'A fault of the service',
  503: 'Not available now',
};

/** The errors of every route. Those of every route with a body follow. */
const ANY_ROUTE = [
  requestErrors.invalidRequest(),
  requestErrors.internal(),
  requestErrors.unavailable('The database is not available'),
  requestErrors.shuttingDown(),
];
const anyBody = ({ bodyLimit = DEFAULT_BODY_LIMIT }: OperationDoc) => [
  requestErrors.bodyTooLarge(bodyLimit),
  requestErrors.notJson(),
];

const documentedBy = (handler: object): ApiError[] =>
  (Reflect.getMetadata(DOCUMENTED, handler) as ApiError[] | undefined) ?? [];

/** Documents errors of a handler, in addition to those that are already documented. */
export function ErrorResponses(...added: readonly ApiError[]): MethodDecorator {
  return (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const before = documentedBy(handler);
    const all = [
      ...before,
      ...added.filter((error) => !before.some(({ message }) => message === error.message)),
    ];
    Reflect.defineMetadata(DOCUMENTED, all, handler);
    for (const status of new Set(added.map((error) => error.status))) {
      const ofStatus = all.filter((error) => error.status === status);
      ApiResponse({
        status,
        // Nest concatenates the descriptions of one status, so set it only once.
        description: before.some((error) => error.status === status) ? '' : (STATUS_TEXT[status] ?? ''),
        headers: headersOf(ofStatus),
        content: {
          'application/json': {
            schema: { $ref: getSchemaPath(ErrorSchema) },
            examples: Object.fromEntries(ofStatus.map((error) => [error.message, { value: error.body }])),
          },
        },
      })(target, key, descriptor);
    }
  };
}

/** Documents that `If-Match` is refused, unless the handler has documented its own preconditions. */
const refusesIfMatch: MethodDecorator = (target, key, descriptor) => {
  if (documentedBy(descriptor.value as object).some(({ status }) => status === 412)) return;
  ErrorResponses(requestErrors.noEntityTag())(target, key, descriptor);
};

/** Sets the success status of a handler, and documents the operation. */
export function Operation(status: HttpStatus, doc: OperationDoc): MethodDecorator {
  const { success, body, examples } = doc;
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId: doc.id, summary: doc.summary, description: doc.description }),
    ApiResponse({
      status,
      description: success.description,
      ...(success.type && { type: success.type }),
      ...(success.headers && {
        headers: Object.fromEntries(
          Object.entries(success.headers).map(([name, header]) => [
            name,
            { ...header, schema: { type: 'string' } },
          ]),
        ),
      }),
    }),
    ApiExtraModels(ErrorSchema),
    ErrorResponses(...ANY_ROUTE, ...(body ? anyBody(doc) : []), ...(doc.errors ?? [])),
    refusesIfMatch,
    ...(body
      ? [
          ApiBody({
            type: body,
            required: true,
            ...(examples && {
              examples: Object.fromEntries(
                Object.entries(examples).map(([title, value]) => [title, { summary: title, value }]),
              ),
            }),
          }),
        ]
      : []),
  );
}

function headersOf(responses: readonly ApiError[]) {
  const names = new Map(responses.flatMap((error) => Object.entries(error.headers)));
  return Object.fromEntries(
    [...names].map(([name, example]) => [
      name,
      { description: HEADER_TEXT[name] ?? name, schema: { type: 'string' as const }, example },
    ]),
  );
}

const HEADER_TEXT: Readonly<Record<string, string>> = {
  'WWW-Authenticate': 'How to authenticate.',
  'Retry-After': 'Seconds to wait before the next try.',
  'Accept-Patch': 'The types of the body.',
};
