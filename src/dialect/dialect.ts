import type { FastifyInstance } from 'fastify';
import type { OpenAPIObject } from '@nestjs/swagger';

/** A request, as far as a dialect needs it to read its body or to write its response. */
export interface DialectRequest {
  readonly method: string;
  readonly query: unknown;
  readonly routeOptions: { readonly url?: string | undefined };
}

/** What an access token of the original says that is accepted. */
export interface OriginalToken {
  readonly userId: number;
  /** By number. */
  readonly actions: readonly number[];
  /** As in claims; absent: the token names none. */
  readonly networkIds?: readonly string[] | undefined;
  /** As in claims; absent: the token names none. */
  readonly deviceTypeIds?: readonly string[] | undefined;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Which tokens are accepted besides those of this service. */
export interface OriginalTokens {
  /** From when on none is accepted. */
  readonly until: Date;
  /** Returns what a token says, or undefined if it is none that the original has signed. It may have expired. */
  readonly read: (token: string) => OriginalToken | undefined;
}

/**
 * Where the service may differ for clients of another API: its extension points, and what it does by itself
 * ({@link STRICT}). `src/compatibility` has another one; nothing else does.
 */
export interface Dialect {
  /** How a path is read: returns the path and query to route instead of those of a request. Absent: as they are. */
  readonly rewriteUrl?: (url: string) => string;
  /** How a request is read before its route handles it: adds hooks, before those of the service. */
  readonly configure?: (fastify: FastifyInstance) => void;
  /** Whether an unknown property of a body or an unknown query parameter is a 400; else it is ignored. */
  readonly refusesUnknownNames: boolean;
  /**
   * How a body is read, before any check of its fields: returns the body that counts. `text`: as it was sent. Absent: as
   * it was parsed. It may return what JSON has no form for, and no request can send: a `Date` for a moment, past ones
   * too, and a `bigint` for the id of a user that cannot be.
   */
  readonly readBody?: (
    request: DialectRequest,
    body: Record<string, unknown>,
    text: string,
  ) => Record<string, unknown>;
  /** How a response is written: returns the object to write as JSON, or an item of a list. Absent: as it is. */
  readonly writeResponse?: (request: DialectRequest, payload: object) => object;
  /** How the API document describes what {@link writeResponse} changes. Absent: as it is generated. */
  readonly describe?: (document: OpenAPIObject) => OpenAPIObject;
  /** How the key is derived that signs tokens with `JWT_SECRET`. */
  readonly keyOf: (secret: string) => Buffer;
  /** Which access tokens are accepted besides those of this service: for clients only. Absent: none. */
  readonly originalTokens?: OriginalTokens;
  /** What a request for tokens gets that names rights which its caller or the user does not have: 403, or fewer rights. */
  readonly excessRights: 'refused' | 'left out';
  /** What a request for tokens gets that names a later expiry than it may: 400, or the latest that it may. */
  readonly lateExpiry: 'refused' | 'cut';
  /** What a request for tokens means that names no device types: none, or for a user who has all of them, all. */
  readonly absentDeviceTypes: 'none' | 'all';
  /** Whether a password may be the login, where well-known passwords are allowed. */
  readonly passwordMayBeLogin: boolean;
  /** The network that the first administrator is assigned to; absent: none. */
  readonly firstNetwork?: number;
  /** What an administrator's `PUT /user/{id}/devicetype/all` does with the device types that are assigned one by one. */
  readonly assignmentsUnderAll: 'kept' | 'dropped';
  /** Which error comes first for a user who has all device types: that one, or the 404 of an unknown device type. */
  readonly firstOfAssigning: 'unknown scope' | 'all assigned';
}

/** The service as `docs/contract.md` describes it without section 9. */
export const STRICT: Dialect = {
  refusesUnknownNames: true,
  keyOf: (secret) => Buffer.from(secret),
  excessRights: 'refused',
  lateExpiry: 'refused',
  absentDeviceTypes: 'none',
  passwordMayBeLogin: false,
  assignmentsUnderAll: 'kept',
  firstOfAssigning: 'unknown scope',
};
