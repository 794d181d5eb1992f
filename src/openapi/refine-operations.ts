import type { OpenAPIObject } from '@nestjs/swagger';
import { requestErrors } from '../errors/request.errors.js';
import { errorResponse, EVERY_RESPONSE, EVERY_ROUTE } from './error-responses.js';

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

/** Returns every operation of a document. */
export const operationsOf = (document: OpenAPIObject): Operation[] =>
  Object.values(document.paths).flatMap((path) => METHODS.flatMap((method) => path[method] ?? []));

/** Completes every operation with what all have in common: its right in words, its errors, the order of its parameters. */
export function refineOperations(document: OpenAPIObject): void {
  for (const operation of operationsOf(document)) {
    // An operation without access rule is public.
    operation.security ??= [];
    operation.description = `${operation.description ?? ''}\n\n${rightOf(operation)}`;
    if (operation.parameters) operation.parameters = inOrder(operation.parameters);
    operation.responses = withSharedErrors(operation);
  }
}

/** Returns the sentence about the right that an operation needs. */
function rightOf(operation: Operation): string {
  const access = (operation as { readonly 'x-access'?: Access })['x-access'] ?? 'public';
  if (access === 'public') return 'Needs no token.';
  const { actions } = access;
  const anyOf = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' or ');
  return 'own' in actions
    ? `Needs the action ${anyOf(actions.own)} for oneself, ${anyOf(actions.another)} for another user.`
    : `Needs the action ${anyOf(actions)}.`;
}

/** Paths and what is required before what may be absent, headers last: the order of arguments in generated clients. */
function inOrder(parameters: readonly Parameter[]): Parameter[] {
  const places = ['path', 'query', 'header'];
  const rankOf = (parameter: Parameter): number => {
    if (!('in' in parameter)) return places.length;
    return places.indexOf(parameter.in) + (parameter.required === true ? 0 : 0.5);
  };
  return [...parameters].sort((one, other) => rankOf(one) - rankOf(other));
}

/** Refers to the shared error responses, and adds those of every route. */
function withSharedErrors({ responses }: Operation): Responses {
  const entries = Object.entries(responses).map(([status, response]) => {
    const { description = '', headers } = response as { description?: string; headers?: object };
    return Number(status) < 400
      ? [status, { ...response, headers: { ...EVERY_RESPONSE, ...headers } }]
      : // Nest joins the descriptions of one status by blank lines.
        [status, errorResponse(Number(status), [...new Set(description.split('\n\n'))])];
  });
  const common = Object.fromEntries(
    [400, 500, 503, ...EVERY_ROUTE].map((status) => [status, errorResponse(status)]),
  );
  return {
    ...common,
    412: errorResponse(412, [requestErrors.noEntityTag().message]),
    ...(Object.fromEntries(entries) as Responses),
    default: errorResponse('default'),
  } as Responses;
}
