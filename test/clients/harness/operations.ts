import { readFileSync } from 'node:fs';

/** A parameter of an operation, as the document names it. */
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
}

/** How the document says that an operation is called. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The media types of its request body, the preferred one first; empty: it has none. */
  readonly mediaTypes: readonly string[];
}

interface Documented {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: object };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: { readonly parameters?: Readonly<Record<string, Parameter>> };
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/** The operations of openapi/openapi.json by their `operationId`. */
export function readOperations(): ReadonlyMap<string, Operation> {
  const { paths, components } = JSON.parse(readFileSync('openapi/openapi.json', 'utf8')) as Document;
  const resolved = (parameter: Parameter | { readonly $ref: string }): Parameter => {
    if (!('$ref' in parameter)) return parameter;
    const found = components.parameters?.[parameter.$ref.replace('#/components/parameters/', '')];
    if (!found) throw new Error(`${parameter.$ref} is not in the document`);
    return found;
  };
  const operations = new Map<string, Operation>();
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (!METHODS.includes(method)) continue;
      operations.set(operation.operationId, {
        method: method.toUpperCase(),
        path,
        parameters: (operation.parameters ?? []).map(resolved),
        mediaTypes: Object.keys(operation.requestBody?.content ?? {}),
      });
    }
  }
  return operations;
}
