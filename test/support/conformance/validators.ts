import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema } from './api-document.js';

/** The words that OpenAPI adds to JSON Schema. They do not change what is valid. */
const OPENAPI_WORDS = ['example', 'discriminator', 'externalDocs', 'xml'];

/** Validates values by the schemas of a document, in JSON Schema 2020-12. */
export class Validators {
  private readonly ajv: Ajv2020;
  private readonly compiled = new Map<Schema, ValidateFunction>();

  /** `closed`: an object has no members but those that its schema names, even where the schema does not say so. */
  constructor(document: OpenAPIObject, { closed }: { readonly closed: boolean }) {
    const schemas = withRoot(document.components?.schemas ?? {}, '#/$defs/') as Record<string, object>;
    this.ajv = new Ajv2020({
      allErrors: true,
      // A word that JSON Schema does not know is an error of the document.
      strict: true,
      strictTypes: false,
      strictRequired: false,
      allowUnionTypes: true,
    });
    formats.default(this.ajv);
    this.ajv.addVocabulary([...OPENAPI_WORDS, ...extensionsIn(document)]);
    if (closed) for (const schema of Object.values(schemas)) close(schema);
    this.closed = closed;
    this.ajv.addSchema({ $id: 'openapi', $defs: schemas });
  }

  private readonly closed: boolean;

  /** @returns what is wrong with a value; undefined: it is valid */
  errorsOf(schema: Schema, value: unknown): string | undefined {
    let validate = this.compiled.get(schema);
    if (!validate) {
      const own = withRoot(schema, 'openapi#/$defs/');
      if (this.closed) close(own);
      validate = this.ajv.compile(own);
      this.compiled.set(schema, validate);
    }
    return validate(value) ? undefined : this.ajv.errorsText(validate.errors, { dataVar: '' });
  }
}

/** Returns a copy in which references to schemas begin with `root`. */
const withRoot = (part: object, root: string): object =>
  JSON.parse(JSON.stringify(part).replaceAll('"#/components/schemas/', `"${root}`)) as object;

/** The names of all extensions (`x-...`) in a document. */
function extensionsIn(document: object): Set<string> {
  const names = new Set<string>();
  JSON.stringify(document, (name, value: unknown) => {
    if (name.startsWith('x-')) names.add(name);
    return value;
  });
  return names;
}

/** Refuses members that a schema, or the parts that it is made of, do not name. */
function close(schema: object, isPart = false): void {
  const { properties, allOf, additionalProperties, unevaluatedProperties } = schema as {
    properties?: object;
    allOf?: readonly object[];
    additionalProperties?: unknown;
    unevaluatedProperties?: unknown;
  };
  const says = additionalProperties !== undefined || unevaluatedProperties !== undefined;
  if ((properties ?? allOf) && !says && !isPart) Object.assign(schema, { unevaluatedProperties: false });
  for (const [name, value] of Object.entries(schema)) {
    const isComposed = name === 'allOf';
    if (['allOf', 'anyOf', 'oneOf'].includes(name))
      for (const part of value as object[]) close(part, isComposed || isPart);
    else if (name === 'properties') for (const part of Object.values(value as object)) close(part as object);
    else if (['items', 'additionalProperties'].includes(name) && typeof value === 'object')
      close(value as object);
  }
}
