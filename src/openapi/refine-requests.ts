import type { OpenAPIObject } from '@nestjs/swagger';
import { type ListRules, STRICT_LIST_RULES } from '../dialect/list-rules.js';
import { operationsOf } from './refine-operations.js';
import { passwordOfSignIn } from './schemas.js';

/** The extension that says that unknown members of a body are ignored, as a standard demands it. */
export const IGNORES_UNKNOWN = 'x-ignores-unknown-members';

/** What the requests of a document depend on besides the code. */
export interface RequestRules {
  /** The least length of a password, in characters: `PASSWORD_MIN_LENGTH`. */
  readonly passwordMinLength: number;
  /** Whether an unknown member of a body is a 400. */
  readonly refusesUnknownNames: boolean;
  /** How lists are cut. */
  readonly lists: ListRules;
}

/** An object that requests send. */
interface BodySchema {
  readonly properties?: Readonly<Record<string, { minLength?: number; pattern?: string }>>;
  readonly required?: readonly string[];
  additionalProperties?: boolean;
  readonly [IGNORES_UNKNOWN]?: boolean;
}

/** The size of a page of users, networks or device types, as a parameter. */
interface Take {
  readonly name: 'take';
  description: string;
  readonly schema: { minimum: number; maximum: number };
}

/** Completes what requests may be: sizes of pages, whether bodies may be absent, and what the service refuses in them. */
export function refineRequests(document: OpenAPIObject, rules: RequestRules): void {
  for (const { operation } of operationsOf(document)) {
    for (const parameter of operation.parameters ?? [])
      if (isTake(parameter)) describeTake(parameter, rules.lists);
    const { requestBody } = operation;
    if (!requestBody || '$ref' in requestBody) continue;
    const schemas = Object.values(requestBody.content).map(({ schema }) => schemaOf(document, schema));
    // A body that is absent counts as {}.
    requestBody.required = schemas.some(({ required = [] }) => required.length > 0);
    for (const schema of schemas) {
      if (rules.refusesUnknownNames && !schema[IGNORES_UNKNOWN]) schema.additionalProperties = false;
      describePassword(schema, rules.passwordMinLength);
    }
  }
}

const isTake = (parameter: object): parameter is Take => {
  const { name, schema } = parameter as Partial<Take>;
  return name === 'take' && schema?.maximum === STRICT_LIST_RULES.mostTake;
};

function describeTake(take: Take, { defaultTake, leastTake, mostTake, mostBytes }: ListRules): void {
  const absent = defaultTake === Infinity ? 'all' : String(defaultTake);
  const bySize =
    mostBytes === Infinity ? '' : ` A page also ends before its body exceeds ${mostBytes / 2 ** 20} MiB.`;
  take.description = `How many at most. Absent: ${absent}.${bySize}`;
  Object.assign(take.schema, { minimum: leastTake, maximum: mostTake });
}

/** The password of a sign-in was set under the rules of its day: its pattern tells blanks from a password of blanks. */
function describePassword({ properties: { password } = {} }: BodySchema, least: number): void {
  if (password?.pattern !== undefined) password.pattern = passwordOfSignIn(least);
  else if (password?.minLength !== undefined) password.minLength = least;
}

function schemaOf(document: OpenAPIObject, schema: object | undefined): BodySchema {
  const name = schema && '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined;
  return (name ? document.components?.schemas?.[name] : schema) as BodySchema;
}
