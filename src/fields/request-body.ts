import { Transform } from 'class-transformer';
import { Allow, ValidateIf } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { type CreateBody, type Field, type Fields, fieldsOf, type UpdateBody } from './field.js';

/** The DTO of a request that creates a record with these fields. */
export function createBody<const F extends Fields>(fields: F): new () => CreateBody<F> {
  class Body {}
  for (const [name, field] of fieldsOf(fields)) {
    if (field.onCreate === 'unknown') continue;
    if (field.writableBy === 'nobody') ignore(Body, name, field);
    else accept(Body, name, field, field.onCreate);
  }
  return Body as new () => CreateBody<F>;
}

/** The DTO of a request that updates a record with these fields: each may be absent, and then stays unchanged. */
export function updateBody<const F extends Fields>(fields: F): new () => UpdateBody<F> {
  class Body {}
  for (const [name, field] of fieldsOf(fields)) {
    if (field.writableBy === 'nobody') ignore(Body, name, field);
    else accept(Body, name, field, 'unchanged');
  }
  return Body;
}

/** A field that is validated if it is present. It may not be null, unless its type says so. */
function accept(
  body: new () => object,
  name: string,
  field: Field,
  absent: 'required' | 'optional' | 'unchanged',
): void {
  const required = absent === 'required';
  const { type, description, example, default: byDefault } = field;
  decorate(body, name, [
    ...(required ? [] : [ValidateIf((_, value) => value !== undefined)]),
    ...type.validation,
    ApiProperty({
      ...type.schema,
      ...type.requestSchema,
      description,
      ...(example !== undefined && { example }),
      // An update has no defaults: an absent field stays unchanged.
      ...(absent === 'optional' && byDefault !== undefined && byDefault !== null && { default: byDefault }),
    }),
    ApiProperty({ required }),
  ]);
}

/** A read-only field: accepted and ignored, so that a client can send back the response of GET. */
function ignore(body: new () => object, name: string, { description }: Field): void {
  decorate(body, name, [
    Allow(),
    Transform(() => undefined),
    ApiProperty({
      type: Object,
      description: `${description} Accepted, and ignored.`,
      required: false,
      readOnly: true,
    }),
  ]);
}

function decorate(body: new () => object, name: string, decorators: readonly PropertyDecorator[]): void {
  for (const decorator of decorators) decorator(body.prototype as object, name);
}
