import { getMetadataStorage, type ValidationError } from 'class-validator';
import { type ArgumentMetadata, Inject, Injectable, type Type, ValidationPipe } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Dialect } from '../dialect/dialect.js';
import { DIALECT } from '../dialect/dialect.module.js';
import type { FieldError } from '../errors/api-error.js';
import { requestErrors } from '../errors/request.errors.js';
import { IGNORES_UNKNOWN } from '../openapi/refine-requests.js';
import { isObject } from './json-body.js';

/**
 * Converts bodies and queries to their DTOs, or returns 400 with all invalid fields (contract.md §6). Rejects unknown
 * fields before any transformation reads them.
 */
@Injectable()
export class RequestValidationPipe extends ValidationPipe {
  constructor(@Inject(DIALECT) private readonly dialect: Dialect) {
    super({ transform: true, stopAtFirstError: true, validationError: { target: false, value: false } });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { type, metatype } = metadata;
    if ((type !== 'body' && type !== 'query') || !metatype) return value;
    if (!isObject(value)) {
      throw requestErrors.invalidParameters([{ field: type, message: `The ${type} must be an object` }]);
    }
    const isLenient = !this.dialect.refusesUnknownNames || lenient.has(metatype);
    const known = isLenient ? onlyKnown(value, metatype) : value;
    refuseUnknown(known, metatype);
    try {
      return (await super.transform(known, metadata)) as unknown;
    } catch (error) {
      if (!(error instanceof InvalidFields)) throw error;
      throw type === 'body'
        ? requestErrors.invalidFields(error.details)
        : requestErrors.invalidParameters(error.details);
    }
  }

  override createExceptionFactory() {
    return (failures: ValidationError[] = []) =>
      new InvalidFields(
        failures.map(({ property, constraints }) => ({
          field: property,
          message: Object.values(constraints ?? {})[0] ?? `${property} is not valid`,
        })),
      );
  }
}

class InvalidFields extends Error {
  constructor(readonly details: readonly FieldError[]) {
    super('Invalid fields');
  }
}

const fieldsByDto = new WeakMap<Type, ReadonlySet<string>>();

/** Returns the names of the fields that a DTO declares: those with a validation rule. */
export function knownFieldsOf(dto: Type): ReadonlySet<string> {
  let fields = fieldsByDto.get(dto);
  if (!fields) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
    fields = new Set(rules.map(({ propertyName }) => propertyName));
    fieldsByDto.set(dto, fields);
  }
  return fields;
}

const lenient = new WeakSet<object>();

/** Declares that a DTO ignores fields that it does not know, as a standard demands it. Others refuse them. */
export const IgnoresUnknownFields = (): ClassDecorator => (dto) => {
  lenient.add(dto);
  ApiExtension(IGNORES_UNKNOWN, true)(dto);
};

/** Before the transformation: its time would grow with the square of their number. */
function onlyKnown(value: Record<string, unknown>, dto: Type): Record<string, unknown> {
  const known = [...knownFieldsOf(dto)].filter((name) => Object.hasOwn(value, name));
  return Object.fromEntries(known.map((name) => [name, value[name]]));
}

function refuseUnknown(value: Record<string, unknown>, dto: Type): void {
  const known = knownFieldsOf(dto);
  const unknown = Object.keys(value).filter((name) => !known.has(name));
  if (unknown.length > 0) throw requestErrors.unknownNames(unknown);
}
