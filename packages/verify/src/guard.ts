import type { ActionName } from './action.js';
import { VerifyError } from './errors.js';
import type { Principal, Reach } from './principal.js';
import type { Verifier } from './verifier.js';

/** What guards read of a request, whatever the framework. */
export interface GuardedRequest {
  readonly headers: { readonly authorization?: string | undefined };
  readonly params?: unknown;
}

/** The parameters of the path that name what a request reaches for: `{ network: 'networkId' }`. */
export interface ReachParameters {
  readonly network?: string;
  readonly deviceType?: string;
}

/** The bearer of each request that a guard has let through. No client can set it, and none is left on another request. */
const principals = new WeakMap<object, Principal>();

/**
 * The bearer of a request that a guard of this package has let through.
 *
 * @throws {Error} when none has: the route is not guarded
 */
export function principalOf(request: object): Principal {
  const principal = principals.get(request);
  if (!principal) throw new Error('No guard of @hivegate/verify has let this request through');
  return principal;
}

/** Verifies the bearer of a request and remembers it. @throws {VerifyError} */
export async function authenticate(verifier: Verifier, request: GuardedRequest): Promise<Principal> {
  const [, token] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) throw new VerifyError('missing', 'Unauthorized');
  const principal = await verifier.verify(token);
  principals.set(request, principal);
  return principal;
}

/** Whether the bearer may do `action` where the path points to. @throws {VerifyError} `denied` */
export function assertCan(
  principal: Principal,
  request: GuardedRequest,
  action: ActionName | number,
  parameters: ReachParameters = {},
): void {
  const params = (request.params ?? {}) as Readonly<Record<string, unknown>>;
  const idOf = (name: string): string | undefined => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  // A member that is present must be reached: a parameter that is missing grants nothing.
  const reach: Reach = {
    ...(parameters.network !== undefined && { network: idOf(parameters.network) }),
    ...(parameters.deviceType !== undefined && { deviceType: idOf(parameters.deviceType) }),
  };
  if (!principal.can(action, reach)) throw new VerifyError('denied', 'Access is denied');
}
