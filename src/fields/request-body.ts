import { ValidateIf } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { type CreateBody, type Field, type Fields, fieldsOf, isWritable, type UpdateBody } from './field.js';

/** What the absence of a field means: an error, the default, or that it stays unchanged. */
type Absence = 'required' | 'optional' | 'unchanged';

/** The DTO of a request that creates a record with these fields. */
export function createBody<const F extends Fields>(fields: F): new () => CreateBody<F> {
  return bodyOf(fields, ({ onCreate }) => onCreate) as new () => CreateBody<F>;
}

/** The DTO of a request that updates a record with these fields: each may be absent, and then stays unchanged. */
export function updateBody<const F extends Fields>(fields: F): new () => UpdateBody<F> {
  return bodyOf(fields, () => 'unchanged');
}

/** The DTO of a request that updates a record by a JSON merge patch: {@link updateBody}, with values that are merged. */
export function patchBody<const F extends Fields>(fields: F): new () => UpdateBody<F> {
  return bodyOf(
    fields,
    () => 'unchanged',
    ({ merge, validation }) => merge?.validation ?? validation,
  );
}

/** `absenceOf` says what the absence of a field means; `unknown`: the body does not have the field. */
function bodyOf(
  fields: Fields,
  absenceOf: (field: Field) => Absence | 'unknown',
  validationOf: (type: Field['type']) => readonly PropertyDecorator[] = ({ validation }) => validation,
): new () => object {
  class Body {}
  for (const [name, field] of fieldsOf(fields)) {
    const absence = absenceOf(field);
    if (absence === 'unknown') continue;
    accept(Body, name, field, absence, validationOf(field.type));
  }
  return Body;
}

/**
 * A field that is validated if it is present. It may not be null, unless its type says so. A read-only field has the type
 * that responses have, and no effect (stored-fields.ts), so that a client can send back the response of GET.
 */
function accept(
  body: new () => object,
  name: string,
  field: Field,
  absence: Absence,
  validation: readonly PropertyDecorator[],
): void {
  const required = absence === 'required';
  const { type, example } = field;
  decorate(body, name, [
    ...(required ? [] : [ValidateIf((_, value) => value !== undefined)]),
    ...validation,
    ApiProperty({
      ...type.schema,
      ...type.requestSchema,
      description: descriptionOf(field, absence),
      ...(example !== undefined && { example }),
    }),
    ApiProperty({ required }),
  ]);
}

/** The document names defaults in words: generated clients would send them, though their callers did not. */
function descriptionOf(field: Field, absence: Absence): string {
  const { description, default: byDefault } = field;
  if (!isWritable(field)) return `${description} Accepted, and ignored.`;
  const hasDefault = absence === 'optional' && byDefault !== undefined;
  return hasDefault ? `${description} Absent: \`${JSON.stringify(byDefault)}\`.` : description;
}

function decorate(body: new () => object, name: string, decorators: readonly PropertyDecorator[]): void {
  for (const decorator of decorators) decorator(body.prototype as object, name);
}
