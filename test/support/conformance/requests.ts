import type { ApiDocument, OperationObject, ParameterObject, Schema } from './api-document.js';
import type { SentRequest } from './exchange.js';
import type { Validators } from './validators.js';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
/**
 * What the document says in words alone, so that generated clients have one type of body: `PATCH` takes JSON as a merge
 * patch, and two operations take a form instead of JSON.
 */
const MERGE_PATCH = 'application/merge-patch+json';
const TAKE_FORMS: readonly unknown[] = ['revokeToken', 'introspectToken'];

/** Says whether the document allows a request. */
export class RequestRules {
  constructor(
    private readonly api: ApiDocument,
    private readonly validators: Validators,
  ) {}

  /** The operation of a request; undefined: the document has none. `path` is without the prefix. */
  operationOf({ method }: SentRequest, path: string): OperationObject | undefined {
    return this.api.find(path)?.operations.get(method === 'HEAD' ? 'GET' : method);
  }

  /** Why the document does not allow a request to an operation; nothing: it does. */
  faultsOf(request: SentRequest, path: string, operation: OperationObject): string[] {
    const { parameters = {} } = this.api.find(path) ?? {};
    const query = new URL(request.url, 'http://localhost').searchParams;
    const names = operation.parameters.filter((each) => each.in === 'query').map(({ name }) => name);
    const unknown = [...new Set(query.keys())].filter((name) => !names.includes(name));
    return [
      ...unknown.map((name) => `the query has ${name}, which is not described`),
      ...operation.parameters.flatMap((parameter) => {
        const values = {
          path: () => [parameters[parameter.name] ?? ''],
          query: () => query.getAll(parameter.name),
          header: () => valuesOf(request.headers, parameter.name),
        }[parameter.in];
        return this.faultsOfParameter(parameter, values?.() ?? []);
      }),
      ...this.faultsOfBody(request, operation),
    ];
  }

  private faultsOfParameter(
    { name, required = false, schema = {} }: ParameterObject,
    values: readonly string[],
  ) {
    const [value] = values;
    if (value === undefined) return required ? [`${name} is missing`] : [];
    if (values.length > 1) return [`${name} is there ${values.length} times`];
    const errors = readingsOf(value).map((reading) => this.validators.errorsOf(schema, reading));
    return errors.includes(undefined) ? [] : [`${name} is ${JSON.stringify(value)}:${errors[0] ?? ''}`];
  }

  private faultsOfBody(
    { headers, body }: SentRequest,
    { operationId, requestBody: described }: OperationObject,
  ): string[] {
    if (!described) return [];
    // White space alone is no JSON text, and counts as no body (contract.md).
    if (Buffer.from(body).toString().trim() === '')
      return described.required === true ? ['the body is missing'] : [];
    const type = typeOf(headers);
    const instead = type === JSON_TYPE ? MERGE_PATCH : JSON_TYPE;
    const isInWords = type === JSON_TYPE || (type === FORM_TYPE && TAKE_FORMS.includes(operationId));
    const media = described.content[type] ?? (isInWords ? described.content[instead] : undefined);
    if (!media) return [`the type of the body is ${type}`];
    const value = type === FORM_TYPE ? readForm(body) : readJson(body);
    if (value === undefined) return ['the body is no JSON in UTF-8, or no form'];
    const errors = this.validators.errorsOf(media.schema ?? {}, value);
    return errors === undefined ? [] : [`the body is not as described: ${errors}`];
  }
}

/** The type of a body; none, and an empty one, count as JSON. */
function typeOf(headers: Headers): string {
  const [type = ''] = (headers.get('content-type') ?? '').split(';', 1);
  return type.trim().toLowerCase() || JSON_TYPE;
}

const valuesOf = (headers: Headers, name: string): string[] => {
  const value = headers.get(name);
  return value === null ? [] : [value];
};

/** What a text of a path, a query or a header can stand for. Numbers have one form. */
function readingsOf(text: string): (string | number | boolean)[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return /^-?(?:0|[1-9]\d*)$/.test(text) ? [Number(text), text] : [text];
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** The parameters of a form; undefined: one is there more than once, which RFC 6749 §3.2 forbids. */
function readForm(body: Uint8Array): Schema | undefined {
  const parameters = [...new URLSearchParams(Buffer.from(body).toString())];
  const form = Object.fromEntries(parameters);
  return Object.keys(form).length === parameters.length ? form : undefined;
}
