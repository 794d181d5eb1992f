import type { OpenAPIObject } from '@nestjs/swagger';

/** A schema, as far as the fuzzer looks into it. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly nullable?: boolean;
  readonly format?: string;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** A parameter of the path or of the query. */
export interface Parameter {
  readonly name: string;
  readonly schema: Schema;
}

/** An operation of the document. */
export interface Operation {
  /** `PUT /user/{id}` */
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly pathParameters: readonly Parameter[];
  readonly queryParameters: readonly Parameter[];
  /** Of the body, if it takes one. */
  readonly body?: Schema;
  /** The answers that it is documented to give. */
  readonly statuses: readonly number[];
}

interface Described {
  readonly parameters?: readonly (Parameter & { readonly in: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, unknown>>;
  readonly 'x-errors': readonly number[];
}

/** A schema as the document has it. */
interface Written extends Omit<Schema, 'type'> {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly anyOf?: readonly Written[];
}

/** Every operation of the document. */
export function operationsOf({ paths, components }: OpenAPIObject): Operation[] {
  const resolve = (schema: object): Schema => {
    const { $ref, type, anyOf, oneOf = anyOf, items, properties, ...rest } = schema as Written;
    if ($ref !== undefined) return resolve(components?.schemas?.[$ref.split('/').at(-1) ?? ''] ?? {});
    const types = [type ?? []].flat().filter((one) => one !== 'null');
    return {
      ...rest,
      ...(types[0] !== undefined && { type: types[0] }),
      nullable: Array.isArray(type) && type.includes('null'),
      ...(oneOf && { oneOf: oneOf.map(resolve) }),
      ...(items && { items: resolve(items) }),
      ...(properties && {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, property]) => [name, resolve(property)]),
        ),
      }),
    };
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Readonly<Record<string, Described>>).map(([key, described]) => {
      const method = key.toUpperCase();
      const parametersIn = (place: string) =>
        (described.parameters ?? [])
          .filter((one) => one.in === place)
          .map(({ name, schema }) => ({ name, schema: resolve(schema) }));
      const body = Object.values(described.requestBody?.content ?? {})[0]?.schema;
      return {
        label: `${method} ${path}`,
        method,
        path,
        pathParameters: parametersIn('path'),
        queryParameters: parametersIn('query'),
        ...(body && { body: resolve(body) }),
        statuses: [...Object.keys(described.responses).map(Number), ...described['x-errors']],
      };
    }),
  );
}

/** Finds the operation that a request is, whatever it was meant to be. */
export class Router {
  private readonly routes: readonly { readonly pattern: RegExp; readonly operation: Operation }[];

  constructor(operations: readonly Operation[]) {
    this.routes = [...operations]
      .sort((a, b) => a.pathParameters.length - b.pathParameters.length)
      .map((operation) => ({
        pattern: new RegExp(`^${operation.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '([^/]+)')}$`),
        operation,
      }));
  }

  find(method: string, path: string): Operation | undefined {
    return this.routes.find(({ operation, pattern }) => operation.method === method && pattern.test(path))
      ?.operation;
  }
}

/** The path of a target, be it a path or a URL, without its query. */
export function pathOf(target: string): string {
  const path = /^https?:\/\/[^/?#]*(.*)$/is.exec(target)?.[1] ?? target;
  const [only = ''] = path.split(/[?#]/, 1);
  return only === '' ? '/' : only;
}
