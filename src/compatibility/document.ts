import type { OpenAPIObject } from '@nestjs/swagger';
import { describeInWords } from './document-texts.js';

/** The views whose timestamps have no zone. */
const WITHOUT_ZONE = ['ListedUser', 'User', 'CreatedUser', 'Info', 'CacheInfo'];
/** The paths whose response begins with the devices of a network or device type. */
const WITH_DEVICES = ['/network/{id}', '/devicetype/{id}'];
const SCOPE = 'Scope';
const SCOPE_WITH_DEVICES = 'ScopeWithDevices';

/** The schema of a field, as far as it is changed here. */
interface FieldSchema {
  readonly format?: string;
  readonly pattern?: string;
}

/** A schema of an object, as the generator writes it. */
interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Record<string, FieldSchema>;
  readonly required?: readonly string[];
}

/** Returns the document with the responses that the compatible mode writes (responses.ts). */
export function describeResponses(generated: OpenAPIObject): OpenAPIObject {
  const document = structuredClone(generated);
  describeInWords(document);
  const schemas = (document.components?.schemas ?? {}) as Record<string, ObjectSchema>;
  for (const name of WITHOUT_ZONE) {
    const { properties = {} } = schemas[name] ?? {};
    for (const [field, schema] of Object.entries(properties))
      if (schema.format === 'date-time') properties[field] = withoutZone(schema);
  }
  const scope = schemas[SCOPE];
  if (!scope) return document;
  schemas[SCOPE_WITH_DEVICES] = withDevices(scope);
  for (const path of WITH_DEVICES) {
    const response = document.paths[path]?.get?.responses['200'];
    const content = response && 'content' in response ? response.content['application/json'] : undefined;
    if (content) content.schema = { $ref: `#/components/schemas/${SCOPE_WITH_DEVICES}` };
  }
  return document;
}

const withoutZone = ({ format: _, ...schema }: FieldSchema) => ({
  ...schema,
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$`,
  example: '2026-01-31T12:00:00.000',
});

const withDevices = ({ properties, required = [], ...schema }: ObjectSchema): ObjectSchema => ({
  ...schema,
  properties: { devices: { type: 'array', items: {}, maxItems: 0 } as object, ...properties },
  required: ['devices', ...required],
});
