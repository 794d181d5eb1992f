export { type ActionName, ACTIONS } from './action.js';
export type { Ids } from './claims.js';
export { VerifyError, type VerifyErrorCode } from './errors.js';
export type { FeedState, FeedStatus } from './feed.js';
export type { TokenSource } from './feed-token.js';
export { authenticate, type GuardedRequest } from './guard.js';
export type { Fetch } from './http.js';
export { Principal, type Reach } from './principal.js';
export { createVerifier, type Verifier, type VerifierOptions } from './verifier.js';
