import { applyDecorators, HttpCode, type HttpStatus, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ApiError } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';
import { ErrorSchema } from './error.schema.js';

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
    /** The media type of a body that is text and no JSON. */
    readonly mediaType?: string;
    /** Whether it can also be had as a stream of server-sent events, each with such a value or an item of it. */
    readonly stream?: boolean;
    readonly headers?: Record<string, { readonly description: string; readonly example: string }>;
  };
  /** Errors that are specific to the operation. The document adds those of every route. */
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

/** The errors of every route with a body. */
const anyBody = ({ bodyLimit = DEFAULT_BODY_LIMIT }: OperationDoc) => [
  requestErrors.bodyTooLarge(bodyLimit),
  requestErrors.notJson(),
];

/**
 * Documents errors of a handler, in addition to those that are already documented. The document names their messages, and
 * refers to one response for all of them (refine-operations.ts).
 */
export const ErrorResponses = (...errors: readonly ApiError[]): MethodDecorator =>
  applyDecorators(...errors.map(({ status, message }) => ApiResponse({ status, description: message })));

/** The contents of a response that is JSON or a stream. */
function streamable(type: Type | [Type]) {
  const $ref = getSchemaPath(Array.isArray(type) ? type[0] : type);
  return {
    'application/json': { schema: Array.isArray(type) ? { type: 'array', items: { $ref } } : { $ref } },
    'text/event-stream': { schema: { type: 'string' } },
  };
}

/** Sets the success status of a handler, and documents the operation. */
export function Operation(status: HttpStatus, doc: OperationDoc): MethodDecorator {
  const { success, body, examples } = doc;
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId: doc.id, summary: doc.summary, description: doc.description }),
    ApiResponse({
      status,
      description: success.description,
      ...(success.type && (success.stream ? { content: streamable(success.type) } : { type: success.type })),
      ...(success.mediaType !== undefined && {
        content: { [success.mediaType]: { schema: { type: 'string' } } },
      }),
      ...(success.headers && {
        headers: Object.fromEntries(
          Object.entries(success.headers).map(([name, header]) => [
            name,
            { ...header, schema: { type: 'string' } },
          ]),
        ),
      }),
    }),
    ApiExtraModels(ErrorSchema, ...(success.type ? [success.type].flat() : [])),
    ErrorResponses(...(body ? anyBody(doc) : []), ...(doc.errors ?? [])),
    ...(body
      ? [
          ApiBody({
            type: body,
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
