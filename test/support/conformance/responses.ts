import { SECURITY_HEADERS } from '../../../src/http/security-headers.js';
import { parseJson } from '../json.js';
import type { ApiDocument, HeaderObject, OperationObject, ResponseObject, Schema } from './api-document.js';
import type { Exchange, ReceivedResponse } from './exchange.js';
import type { Validators } from './validators.js';

/** Headers that HTTP itself needs. OpenAPI ignores a description of `Content-Type`: the content has the type. */
const OF_HTTP = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-type'];
/** What a browser of an allowed origin reads. It depends on `CORS_ORIGINS`, not on the operation. */
const OF_CORS = ['vary', 'access-control-allow-origin', 'access-control-expose-headers'];
/** What the response to a preflight has besides. No operation describes it. */
const OF_PREFLIGHT = [
  ...OF_CORS,
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
  'content-length',
];
/** Errors of HTTP, of requests that may have no operation: their path, method, host or form is the fault. */
const WITHOUT_OPERATION: readonly number[] = [400, 401, 403, 404, 405, 408, 412, 413, 415, 429, 431, 503];

/** The headers that a shared error response describes for some statuses alone, and whether each of them has it. */
const OF_STATUS: Readonly<
  Record<string, { readonly statuses: readonly number[]; readonly isAlways: boolean }>
> = {
  'www-authenticate': { statuses: [401], isAlways: true },
  allow: { statuses: [405], isAlways: true },
  'accept-patch': { statuses: [415], isAlways: false },
  'retry-after': { statuses: [429, 503], isAlways: true },
};

/** Says what is wrong with responses. */
export class ResponseRules {
  constructor(
    private readonly api: ApiDocument,
    private readonly validators: Validators,
  ) {}

  /** The faults of a response. `path` is that of the request, without the prefix; undefined: it could not be read. */
  faultsOf({ request, response }: Exchange, path: string | undefined): string[] {
    const place = path === undefined ? undefined : this.api.find(path);
    const method = request?.method === 'HEAD' ? 'GET' : (request?.method ?? '');
    const operation = place?.operations.get(method);
    const isHead = request?.method === 'HEAD';
    if (isPreflight({ request, response })) return faultsOfPreflight(response);
    const { status } = response;
    if (operation) {
      const described = describedBy(operation, status);
      if (!described) return [`${operation.operationId} does not describe the status ${status}`];
      return this.faultsOfDescribed(response, described, isHead);
    }
    if (!WITHOUT_OPERATION.includes(status)) return [`no operation describes the status ${status}`];
    const faults = status === 405 ? faultsOfAllow(response, [...(place?.operations.keys() ?? [])]) : [];
    const described = this.errorOf(status, place ? [...place.operations.values()] : []);
    if (!described) return [`the document has no error ${status}`];
    return [...faults, ...this.faultsOfDescribed(response, described, isHead)];
  }

  /** What the document says of an error that happens before there is an operation: as some operation describes it. */
  private errorOf(status: number, near: readonly OperationObject[]): ResponseObject | undefined {
    for (const operation of [...near, ...this.api.operations]) {
      const described = describedBy(operation, status);
      if (described) return described;
    }
    return undefined;
  }

  private faultsOfDescribed(
    response: ReceivedResponse,
    { content, headers = {} }: ResponseObject,
    isHead: boolean,
  ): string[] {
    return [
      ...this.faultsOfBody(response, content, isHead),
      ...this.faultsOfHeaders(response.headers, headers),
      ...faultsOfStatus(response),
    ];
  }

  private faultsOfBody(
    { status, headers, body }: ReceivedResponse,
    content: ResponseObject['content'],
    isHead: boolean,
  ): string[] {
    const type = headers.get('content-type');
    const isEmpty = isHead || status === 204 || status === 304;
    if (isEmpty && body !== '') return [`has a body, and may not: ${shown(body)}`];
    if (!content || Object.keys(content).length === 0) {
      if (body !== '') return [`has a body that is not described: ${shown(body)}`];
      return type === null ? [] : [`has no body, but the content type ${type}`];
    }
    const media = content[type?.split(';', 1)[0]?.trim().toLowerCase() ?? ''];
    if (!media) return [`has a content type that is not described: ${type ?? 'none'}`];
    if (isEmpty || !media.schema) return [];
    const value = /^text\/(?:plain|event-stream)/.test(type ?? '') ? body : parseJson(body);
    if (value === undefined) return [`has a body that is no JSON: ${shown(body)}`];
    const errors = this.validators.errorsOf(media.schema, value);
    return errors === undefined ? [] : [`has a body that is not as described: ${errors}: ${shown(body)}`];
  }

  private faultsOfHeaders(headers: Headers, described: Readonly<Record<string, HeaderObject>>): string[] {
    const byName = new Map(Object.entries(described).map(([name, header]) => [name.toLowerCase(), header]));
    const undescribed = [...headers]
      .filter(([name, value]) => !byName.has(name) && !isOfEveryResponse(name, value))
      .map(([name, value]) => `has a header that is not described: ${name}: ${value}`);
    const wrong = [...byName].flatMap(([name, { required = false, schema = {} }]) => {
      const value = headers.get(name);
      if (value === null) return required ? [`lacks the header ${name}`] : [];
      const errors = this.validators.errorsOf(schema, headerValue(value, schema));
      return errors === undefined
        ? []
        : [`has a header that is not as described: ${name}: ${value} ${errors}`];
    });
    return [...undescribed, ...wrong];
  }
}

/** What an operation says of a status. Its errors are one response, and `x-errors` has their statuses. */
function describedBy(
  { responses, 'x-errors': errors }: OperationObject,
  status: number,
): ResponseObject | undefined {
  if (status < 400) return responses[String(status)];
  return errors.includes(status)
    ? (responses[`${Math.floor(status / 100)}XX`] ?? responses['default'])
    : undefined;
}

const faultsOfStatus = ({ status, headers }: ReceivedResponse): string[] =>
  Object.entries(OF_STATUS).flatMap(([name, { statuses, isAlways }]) => {
    if (!headers.has(name)) return isAlways && statuses.includes(status) ? [`lacks the header ${name}`] : [];
    return statuses.includes(status) ? [] : [`has a header that is not for this status: ${name}`];
  });

const shown = (body: string): string => (body.length > 300 ? `${body.slice(0, 300)}…` : body);

/** Whether a header is one that responses have whatever the operation. */
const isOfEveryResponse = (name: string, value: string): boolean =>
  OF_HTTP.includes(name) || OF_CORS.includes(name) || SECURITY_HEADERS[name] === value;

const isPreflight = ({ request, response }: Exchange): boolean =>
  request?.method === 'OPTIONS' &&
  response.status === 204 &&
  request.headers.has('origin') &&
  request.headers.has('access-control-request-method');

const faultsOfPreflight = ({ headers, body }: ReceivedResponse): string[] => [
  ...(body === '' ? [] : [`has a body, and may not: ${shown(body)}`]),
  ...[...headers]
    .filter(
      ([name, value]) =>
        !OF_PREFLIGHT.includes(name) && name !== 'x-request-id' && !isOfEveryResponse(name, value),
    )
    .map(([name]) => `has a header that preflights do not have: ${name}`),
];

/** `Allow` must name the methods that the document has for the path, and HEAD where there is GET. */
function faultsOfAllow({ headers }: ReceivedResponse, described: readonly string[]): string[] {
  const allowed = (headers.get('allow') ?? '').split(', ').sort();
  const expected = [...described, ...(described.includes('GET') ? ['HEAD'] : [])].sort();
  if (described.length === 0 || allowed.join() === expected.join()) return [];
  return [`allows ${allowed.join(', ')}, and the document ${expected.join(', ')}`];
}

/** A header's value as its schema has it. */
const headerValue = (value: string, { type }: Schema): unknown =>
  (type === 'integer' || type === 'number') && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
