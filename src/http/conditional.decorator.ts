import { applyDecorators, HttpStatus } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { requestErrors } from '../errors/request.errors.js';
import { ErrorResponses } from '../openapi/operation.decorator.js';

import 'reflect-metadata';

const CONDITIONAL = Symbol('conditional');

const EXAMPLE = '"7.3-mk0lq2vc"';
const ETAG = {
  ETag: {
    description:
      'Changes with everything that the response shows. The part before the hyphen counts changes of the record.',
    schema: { type: 'string' },
    example: EXAMPLE,
  },
} as const;

/** `*`, or entity tags (RFC 9110 §13.1.1). */
const TAGS = {
  type: 'string',
  pattern: String.raw`^(?:\*|(?:W/)?"[!#-~]*"(?: *, *(?:W/)?"[!#-~]*")*)$`,
} as const;

/** Without examples, because Swagger UI would send them. */
const IF_MATCH = {
  name: 'If-Match',
  description:
    'Entity tags that GET gave, or `*`: 412 unless the record is still as one of them names it. Compares the part of ' +
    'the tag that counts changes of the record; a weak tag never matches.',
  required: false,
  schema: TAGS,
} as const;
const IF_NONE_MATCH = { name: 'If-None-Match', required: false, schema: TAGS } as const;

/**
 * Declares that a handler evaluates `If-Match` and `If-None-Match` (etag.ts), and documents the two headers.
 * PreconditionsGuard refuses `If-Match` on all other routes.
 * The document says of all other operations that they refuse `If-Match`.
 */
export const ConditionalRead = (): MethodDecorator =>
  applyDecorators(
    markConditional,
    ApiHeader(IF_MATCH),
    ApiHeader({
      ...IF_NONE_MATCH,
      description:
        'Entity tags, or `*`: 304 if the response would be the one that a tag names (weak comparison).',
    }),
    ApiResponse({
      status: HttpStatus.NOT_MODIFIED,
      description: 'The response is the one that `If-None-Match` names. The body is empty.',
      headers: ETAG,
    }),
    ErrorResponses(requestErrors.preconditionFailed()),
  );

/** Declares the same as {@link ConditionalRead}, of a handler that changes the record. */
export const ConditionalChange = (): MethodDecorator =>
  applyDecorators(
    markConditional,
    ApiHeader(IF_MATCH),
    ApiHeader({
      ...IF_NONE_MATCH,
      description: 'Entity tags, or `*`: 412 if the record is as one of them names it (weak comparison).',
    }),
    ErrorResponses(requestErrors.preconditionFailed(), requestErrors.notChanged()),
  );

/** Documents the `ETag` of a response. */
export const ETAG_HEADER = { ETag: { description: ETAG.ETag.description, example: EXAMPLE } };

/** Whether a handler evaluates the conditional headers. */
export const isConditional = (handler: object): boolean => Reflect.hasMetadata(CONDITIONAL, handler);

const markConditional: MethodDecorator = (_target, _key, { value }) => {
  Reflect.defineMetadata(CONDITIONAL, true, value as object);
};
