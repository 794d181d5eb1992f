import type { OpenAPIObject } from '@nestjs/swagger';

/** A schema of the document. */
export type Schema = Readonly<Record<string, unknown>>;

/** A header of a response. */
export interface HeaderObject {
  readonly required?: boolean;
  readonly schema?: Schema;
}

/** A response. */
export interface ResponseObject {
  readonly headers?: Readonly<Record<string, HeaderObject>>;
  readonly content?: Content;
}

/** Bodies by their media type. */
export type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

/** A parameter of the path, the query or a header. */
export interface ParameterObject {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

/** An operation, with all references outside schemas resolved. */
export interface OperationObject {
  readonly operationId: string;
  readonly parameters: readonly ParameterObject[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, ResponseObject>>;
}

/** A path of the document. */
export interface DescribedPath {
  /** The path as the document has it. */
  readonly template: string;
  /** By method, in capitals. */
  readonly operations: ReadonlyMap<string, OperationObject>;
}

/** Where a request belongs in the document. */
export interface Place extends DescribedPath {
  /** The parameters of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** An OpenAPI document, in which the operation of a request can be found. */
export class ApiDocument {
  private readonly paths: readonly (DescribedPath & { readonly pattern: RegExp })[];

  constructor(readonly document: OpenAPIObject) {
    this.paths = Object.entries(document.paths)
      .map(([template, item]) => ({
        template,
        pattern: patternOf(template),
        operations: this.operationsOf(item),
      }))
      // As the router does: a fixed path before one with a parameter.
      .sort((one, other) => parametersIn(one.template) - parametersIn(other.template));
  }

  /** All operations. */
  get operations(): readonly OperationObject[] {
    return this.paths.flatMap(({ operations }) => [...operations.values()]);
  }

  /** Finds the path of the document that a path without the prefix is of. */
  find(path: string): Place | undefined {
    const decoded = decode(path);
    if (decoded === undefined) return undefined;
    for (const described of this.paths) {
      const match = described.pattern.exec(decoded);
      if (match) return { ...described, parameters: { ...match.groups } };
    }
    return undefined;
  }

  private operationsOf(item: object): DescribedPath['operations'] {
    const entries = Object.entries(item as Record<string, Record<string, unknown>>);
    return new Map(
      entries
        .filter(([method]) => METHODS.includes(method))
        .map(([method, operation]) => [method.toUpperCase(), this.resolved(operation) as OperationObject]),
    );
  }

  /** Replaces references by what they refer to, but for those to schemas. */
  private resolved(part: unknown): unknown {
    if (Array.isArray(part)) return part.map((each) => this.resolved(each));
    if (typeof part !== 'object' || part === null) return part;
    const { $ref } = part as { $ref?: unknown };
    if (typeof $ref === 'string' && !$ref.startsWith('#/components/schemas/'))
      return this.resolved(this.at($ref));
    return Object.fromEntries(
      Object.entries(part).map(([name, value]) => [name, name === 'schema' ? value : this.resolved(value)]),
    );
  }

  private at(reference: string): unknown {
    let part: unknown = this.document;
    for (const name of reference.replace(/^#\//, '').split('/'))
      part = (part as Readonly<Record<string, unknown>> | undefined)?.[
        name.replaceAll('~1', '/').replaceAll('~0', '~')
      ];
    if (part === undefined) throw new Error(`The document refers to ${reference}, which it does not have`);
    return part;
  }
}

const parametersIn = (template: string): number => template.split('{').length - 1;

const patternOf = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll('.', String.raw`\.`).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

/** Decodes a path; undefined: its escapes are malformed. An escaped slash separates nothing. */
function decode(path: string): string | undefined {
  try {
    return path
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('/', '%2F'))
      .join('/');
  } catch {
    return undefined;
  }
}
