import type { OpenAPIObject } from '@nestjs/swagger';
import { ERROR_RESPONSES, EVERY_OPERATION, EVERY_RESPONSE } from './error-responses.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type Path = OpenAPIObject['paths'][string];
/** An operation of the document. */
export type Operation = NonNullable<Path['get']>;
type Parameter = NonNullable<Operation['parameters']>[number];
type Responses = Operation['responses'];

/** Who may call an operation, as the extension `x-access` says it. */
type Access =
  | 'public'
  | {
      readonly actions:
        readonly string[] | { readonly own: readonly string[]; readonly another: readonly string[] };
    };

/** The operations of a document, each with its path. */
export const operationsOf = (document: OpenAPIObject): { path: string; operation: Operation }[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? { path, operation: item[method] } : [])),
  );

/** Completes every operation with what all have in common: its right and its errors, and the order of its parameters. */
export function refineOperations(document: OpenAPIObject): void {
  for (const { path, operation } of operationsOf(document)) {
    // An operation without access rule is public.
    operation.security ??= [];
    const errors = errorsOf(operation.responses);
    operation.description = [operation.description, rightOf(operation), inWords(errors)]
      .filter(Boolean)
      .join('\n\n');
    Object.assign(operation, { 'x-errors': statusesOf(errors) });
    if (operation.parameters) operation.parameters = inOrder(operation.parameters, path);
    operation.responses = withSharedErrors(operation.responses);
  }
}

/** Returns the sentence about the right that an operation needs. */
function rightOf(operation: Operation): string {
  const access = (operation as { readonly 'x-access'?: Access })['x-access'] ?? 'public';
  if (access === 'public') return 'Needs no token.';
  const { actions } = access;
  const anyOf = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' or ');
  if ('own' in actions)
    return `Needs the action ${anyOf(actions.own)} for oneself, ${anyOf(actions.another)} for another user.`;
  return actions.length === 0 ? 'Needs any valid access token.' : `Needs the action ${anyOf(actions)}.`;
}

type Errors = readonly (readonly [status: number, messages: readonly string[]])[];

const isError = (status: string): boolean => Number(status) >= 400;

/** Returns the documented messages of errors by their status. Nest joins those of one status by blank lines. */
const errorsOf = (responses: Responses): Errors =>
  Object.entries(responses)
    .filter(([status]) => isError(status))
    .map(([status, response]) => {
      const { description = '' } = response as { readonly description?: string };
      return [Number(status), [...new Set(description.split('\n\n'))]] as const;
    });

/** The errors that are the operation's own, in words. Those of every token are the same everywhere. */
function inWords(errors: Errors): string {
  const lines = errors
    .filter(([status]) => status !== 401 || errors.every(([other]) => other !== 403))
    .map(([status, messages]) => `- ${status}: ${messages.map((message) => `\`${message}\``).join(', ')}`);
  return lines.join('\n');
}

const statusesOf = (errors: Errors): number[] =>
  [...new Set([...EVERY_OPERATION, ...errors.map(([status]) => status)])].sort((one, other) => one - other);

/** The places of parameters, and of those of a page, in the order of arguments in generated clients. */
const PLACES = ['path', 'query', 'header'];
const PAGE = ['sortField', 'sortOrder', 'take', 'skip', 'after'];

/** Paths in their order, then what is required, filters before the page, headers last. */
function inOrder(parameters: readonly Parameter[], path: string): Parameter[] {
  const rankOf = (parameter: Parameter): number => {
    if (!('in' in parameter)) return 0;
    const { name, required } = parameter;
    const within =
      parameter.in === 'path' ? path.indexOf(`{${name}}`) : PAGE.indexOf(name) + (required ? 0 : 100);
    return PLACES.indexOf(parameter.in) * 1000 + within;
  };
  return [...parameters].sort((one, other) => rankOf(one) - rankOf(other));
}

/** Refers to the shared error response instead of one for each status. */
function withSharedErrors(responses: Responses): Responses {
  const others = Object.entries(responses).filter(([status]) => !isError(status));
  return {
    ...Object.fromEntries(
      others.map(([status, response]) => {
        const { headers } = response as { readonly headers?: object };
        return [status, { ...response, headers: { ...EVERY_RESPONSE, ...headers } }];
      }),
    ),
    ...ERROR_RESPONSES,
  };
}
