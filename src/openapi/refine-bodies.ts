import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './refine-operations.js';

/** The extension that says that unknown members of a body are ignored, as a standard demands it. */
export const IGNORES_UNKNOWN = 'x-ignores-unknown-members';

/** What a document depends on besides the code. */
export interface BodyRules {
  /** The least length of a password, in characters: `PASSWORD_MIN_LENGTH`. */
  readonly passwordMinLength: number;
  /** Whether an unknown member of a body is a 400. */
  readonly refusesUnknownNames: boolean;
}

interface TextSchema {
  minLength?: number;
  pattern?: string;
}

/** An object that requests send. */
interface BodySchema {
  readonly properties?: Readonly<Record<string, TextSchema>>;
  readonly required?: readonly string[];
  additionalProperties?: boolean;
  readonly [IGNORES_UNKNOWN]?: boolean;
}

/** Completes the bodies of requests: whether they may be absent, and what the service refuses in them. */
export function refineBodies(document: OpenAPIObject, rules: BodyRules): void {
  for (const { operation } of operationsOf(document)) {
    const { requestBody } = operation;
    if (!requestBody || '$ref' in requestBody) continue;
    const schemas = Object.values(requestBody.content).map(({ schema }) => schemaOf(document, schema));
    // A body that is absent counts as {}.
    requestBody.required = schemas.some(({ required = [] }) => required.length > 0);
    for (const schema of schemas) {
      if (rules.refusesUnknownNames && !schema[IGNORES_UNKNOWN]) schema.additionalProperties = false;
      const { password } = schema.properties ?? {};
      if (password) refinePassword(password, rules.passwordMinLength);
    }
  }
}

/**
 * The password of a sign-in was set under the rules of its day. Blanks alone count as none, unless they are enough for a
 * password (sign-in.service.ts).
 */
function refinePassword(password: TextSchema, least: number): void {
  if (password.minLength === 1) password.pattern = String.raw`\S|\s{${least}}`;
  else password.minLength = least;
}

function schemaOf(document: OpenAPIObject, schema: object | undefined): BodySchema {
  const name = schema && '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined;
  return (name ? document.components?.schemas?.[name] : schema) as BodySchema;
}
