import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { OpenAPIObject } from '@nestjs/swagger';

/** Of an answer, what the document speaks of. */
interface Answered {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
}

interface MediaType {
  readonly schema?: object;
}
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>;
}
interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** Paths with fewer parameters are tried first. */
  readonly parameters: number;
  readonly operation: Operation;
}

/**
 * Holds every answer to the OpenAPI document: its status is documented for the operation, and its body is what
 * the schema says and nothing beside it.
 */
export class OpenApiConformance {
  private readonly routes: readonly Route[];
  private readonly validators = new Map<object, ValidateFunction>();
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly error: object;

  constructor(document: OpenAPIObject) {
    formats.default(this.ajv);
    const { components, paths } = structuredClone(document);
    for (const schema of Object.values(components?.schemas ?? {})) {
      // What is not documented may not be sent.
      if ('properties' in schema) schema.additionalProperties ??= false;
    }
    this.ajv.addSchema({ $id: 'openapi', components });
    this.error = { $ref: '#/components/schemas/ErrorSchema' };
    this.routes = Object.entries(paths)
      .flatMap(([path, item]) =>
        Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
          method: method.toUpperCase(),
          pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
          parameters: path.split('{').length - 1,
          operation,
        })),
      )
      .sort((a, b) => a.parameters - b.parameters);
  }

  /** @throws {Error} when the document does not know such an answer */
  check(method: string, path: string, { status, text, body }: Answered): void {
    const where = `${method} ${path} answered ${status}`;
    const [pathOnly = ''] = path.split('?', 1);
    if (/^\/(?:swagger.*)?$/.test(pathOnly)) return;
    const operation = this.routes.find(
      (route) => route.method === method && route.pattern.test(pathOnly),
    )?.operation;
    if (!operation) {
      // No operation: an unknown path, or another method of a known one.
      if (method !== 'HEAD' && status >= 400) this.checkBody(where, this.error, body);
      else if (method !== 'HEAD' && method !== 'OPTIONS')
        throw new Error(`${where}, which no operation documents`);
      return;
    }
    const documented = operation.responses[String(status)];
    if (!documented) throw new Error(`${where}, which is not documented: ${text}`);
    const schema = documented.content?.['application/json']?.schema;
    if (schema) this.checkBody(where, schema, body);
    else if (text !== '') throw new Error(`${where} with a body that is not documented: ${text}`);
  }

  private checkBody(where: string, schema: object, body: unknown): void {
    let validate = this.validators.get(schema);
    if (!validate) {
      const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object;
      validate = this.ajv.compile(absolute);
      this.validators.set(schema, validate);
    }
    if (!validate(body)) {
      throw new Error(
        `${where} with a body that is not as documented: ${this.ajv.errorsText(validate.errors)}`,
      );
    }
  }
}
