export {
  type CallOptions,
  type ClientOptions,
  type ComputeChanges,
  HivegateClient,
  type UpdateOptions,
} from './client.js';
export { type ErrorKind, type FieldError, HivegateError } from './errors.js';
export type { RetryLimits } from './retries.js';
export { Action, type components, type operations, type paths, UserRole, UserStatus } from './schema.js';
export { MemoryTokenStore, type Tokens, type TokenStore } from './tokens.js';
export type { Fetch } from './transport.js';
export type * from './types.js';
export { unwrap } from './unwrap.js';
