import type { OpenAPIObject } from '@nestjs/swagger';
import { NAMED, type NamedSchema } from './schemas.js';

type Node = Readonly<Record<string, unknown>>;

const COMPONENT = '#/components/schemas/';
/** What the names of classes end in, and what clients have no word for. */
const SUFFIX = /(?:Dto|View|Schema)$/;

/**
 * Returns a generated document as one of OpenAPI 3.1 that generators of clients read well: schemas have plain names
 * (`UpdateUser`, not `UpdateUserDto`), named schemas are components of their own, and `null` is a type.
 */
export function refineSchemas(document: OpenAPIObject): OpenAPIObject {
  const components = new Map<string, object>();
  const refined = mapObjects(document, (node) =>
    withNullType(withPlainReference(withNamedSchema(node, components))),
  );
  const { schemas = {} } = (refined as OpenAPIObject).components ?? {};
  const named = Object.entries(schemas).map(([name, schema]) => [plainNameOf(name), schema] as const);
  return {
    ...(refined as OpenAPIObject),
    components: {
      ...document.components,
      schemas: Object.fromEntries([...named, ...components].sort(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
}

/** Replaces every object in a JSON value, from the inside to the outside. */
export function mapObjects(value: unknown, replace: (node: Node) => Node): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return replace(
    Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapObjects(member, replace)])),
  );
}

/** Moves a named schema to the components. A parameter has it beside its own schema. */
function withNamedSchema(node: Node, components: Map<string, object>): Node {
  const { [NAMED]: named, ...rest } = node;
  if (!named) return node;
  const { name, schema } = named as NamedSchema;
  components.set(name, schema);
  const reference = { $ref: COMPONENT + name };
  return 'in' in rest ? { ...rest, schema: reference } : reference;
}

/** A reference to a component under its plain name, without the `allOf` around it that OpenAPI 3.0 needed. */
function withPlainReference(node: Node): Node {
  const { $ref, allOf } = node;
  if (Array.isArray(allOf) && allOf.length === 1) {
    const { allOf: _, type: __, ...rest } = node;
    return { ...rest, ...(allOf[0] as Node) };
  }
  return typeof $ref === 'string' && $ref.startsWith(COMPONENT) ? { ...node, $ref: plainNameOf($ref) } : node;
}

/** `nullable` of OpenAPI 3.0, as a type. */
function withNullType(node: Node): Node {
  const { nullable, ...rest } = node;
  if (nullable !== true) return node;
  return { ...rest, type: [rest['type'], 'null'] };
}

const plainNameOf = (name: string): string => name.replace(SUFFIX, '');
