import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { ActionName } from './action.js';
import { VerifyError } from './errors.js';
import { assertCan, authenticate, type GuardedRequest, type ReachParameters } from './guard.js';
import type { Verifier } from './verifier.js';

export { principalOf, type ReachParameters } from './guard.js';

interface Demand {
  readonly action: ActionName | number;
  readonly parameters: ReachParameters | undefined;
}

/** What the decorators say of a handler or a class. */
const declared = new WeakMap<object, Demand | 'public'>();

/** A decorator of a class or a method. */
export type Decorator = (target: object, name?: string | symbol, descriptor?: PropertyDescriptor) => void;

/**
 * Lets through callers that may do `action`: `@Requires('GetDevice', { network: 'networkId' })` for
 * `@Get('networks/:networkId/devices')`. On a class it holds for all methods that have none of their own.
 */
export function Requires(action: ActionName | number, parameters?: ReachParameters): Decorator {
  return (target, _name, descriptor) => {
    declared.set(decorated(target, descriptor), { action, parameters });
  };
}

/**
 * Lets everyone in, with or without a token. There is then no `request.user`. On a class it holds for all methods that
 * have no {@link Requires}.
 */
export function Public(): Decorator {
  return (target, _name, descriptor) => {
    declared.set(decorated(target, descriptor), 'public');
  };
}

const decorated = (target: object, descriptor: PropertyDescriptor | undefined): object =>
  (descriptor?.value as object | undefined) ?? target;

/**
 * Lets in callers with a good token, and sets `request.user` to the bearer, a `Principal`, as guards of
 * `@nestjs/passport` do. `app.useGlobalGuards(new HivegateGuard(verifier))`, or a provider for `APP_GUARD`. It works with
 * Express and Fastify.
 */
export class HivegateGuard implements CanActivate {
  constructor(private readonly verifier: Verifier) {}

  /** @throws {VerifyError} which Nest turns into 401, 403 or 503 */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    // The method decides before its class, and a class before the one that it extends.
    const places = [context.getHandler(), ...lineageOf(context.getClass())];
    const demand = places.map((place) => declared.get(place)).find((one) => one !== undefined);
    if (demand === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<GuardedRequest>();
    try {
      const principal = await authenticate(this.verifier, request);
      if (demand) assertCan(principal, request, demand.action, demand.parameters);
      (request as { user?: unknown }).user = principal;
      return true;
    } catch (error) {
      // Nest takes the status and the message of an error, but not its headers.
      if (error instanceof VerifyError) setHeaders(http.getResponse<ResponseOfEither>(), error.headers);
      throw error;
    }
  }
}

/** A class and those that it extends. */
function lineageOf(controller: object): object[] {
  const classes: object[] = [];
  let next: object | null = controller;
  while (next) {
    classes.push(next);
    next = Object.getPrototypeOf(next) as object | null;
  }
  return classes;
}

/** A response of Express or a reply of Fastify. */
interface ResponseOfEither {
  readonly header: (name: string, value: string) => unknown;
}

function setHeaders(response: ResponseOfEither, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.header(name, value);
}
