import createClient, { type Client as FetchClient } from 'openapi-fetch';
import { HivegateError } from './errors.js';
import { itemsOf, nextOf, type Page } from './pages.js';
import type { RetryLimits } from './retries.js';
import type { paths } from './schema.js';
import { type IssuedTokens, Session } from './session.js';
import { MemoryTokenStore, type TokenStore } from './tokens.js';
import { type Fetch, Transport } from './transport.js';
import type {
  CreatedUser,
  CreateUser,
  DeviceTypeQuery,
  Event,
  EventQuery,
  ListedUser,
  NetworkQuery,
  PatchUser,
  Scope,
  SessionQuery,
  UpdateUser,
  User,
  UserId,
  UserQuery,
  UserSession,
} from './types.js';
import { listOf, objectOf, unwrap } from './unwrap.js';

/** How a client is made. */
export interface ClientOptions {
  /** Where the service is, with its `API_PREFIX`: `https://example.com/dh/rest`. In a browser a path is enough. */
  readonly baseUrl: string;
  /** Keeps the tokens; by default in memory. */
  readonly tokens?: TokenStore;
  /** How long a request is repeated that the service asks to try again later; `false`: not at all. */
  readonly retry?: RetryLimits | false;
  /** Sends the requests; by default the `fetch` of the platform. */
  readonly fetch?: Fetch;
}

/** What each call can be given. */
export interface CallOptions {
  /** Ends the call, its waits included: it then throws the reason of the signal. */
  readonly signal?: AbortSignal;
}

/** What {@link HivegateClient.updateUser} can be given. */
export interface UpdateOptions extends CallOptions {
  /** How often the user is read, at the most, where others change it at the same time; default 5. */
  readonly attempts?: number;
}

/** Computes changes from the user as it is now; undefined or `{}`: nothing is sent. */
export type ComputeChanges = (user: User) => UpdateUser | undefined | Promise<UpdateUser | undefined>;

/** Milliseconds until a refresh is given up. Longer than the service takes to respond with 503. */
const REFRESH_TIMEOUT = 45_000;

/** The size of a page of sessions: the service announces no next page there. */
const SESSIONS_PER_PAGE = 100;

const MERGE_PATCH = 'application/merge-patch+json';

/**
 * A client of one Hivegate service, for one user at a time.
 *
 * Its methods throw a {@link HivegateError}. Everything that has no method of its own is in {@link HivegateClient.api},
 * with the same tokens and retries.
 */
export class HivegateClient {
  /** Where the service is, without a `/` at its end. */
  readonly baseUrl: string;
  /**
   * The typed client of `openapi-fetch`: `client.api.GET('/network/{id}', { params: { path: { id: 1 } } })`. It gives
   * `{ data, error, response }`; {@link unwrap} makes the data or a `HivegateError` of that.
   */
  readonly api: FetchClient<paths>;
  readonly #session: Session;

  constructor({ baseUrl, tokens = new MemoryTokenStore(), retry = {}, fetch }: ClientOptions) {
    this.baseUrl = readBaseUrl(baseUrl);
    const transport = new Transport(
      this.baseUrl,
      // By name at each call: it may be replaced later, and it must be called without a `this`.
      fetch ?? ((url, init) => globalThis.fetch(url, init)),
      retry === false ? { times: 0 } : retry,
    );
    this.#session = new Session(tokens, (refreshToken) => this.#refresh(refreshToken));
    this.api = createClient<paths>({
      baseUrl: this.baseUrl,
      fetch: (request) => transport.send(request, this.#session),
    });
    this.api.use({
      onRequest({ request }) {
        // A JSON body of PATCH is a merge patch, and says so.
        const isPatch = request.method === 'PATCH';
        if (isPatch && request.headers.get('content-type') === 'application/json') {
          request.headers.set('content-type', MERGE_PATCH);
        }
      },
    });
  }

  /**
   * Signs in and keeps the tokens. The session that was open before is forgotten, but not revoked: see
   * {@link HivegateClient.signOut}.
   *
   * @throws {HivegateError} 401 for an unknown login, a wrong password and a user who may not sign in
   */
  async signIn(
    { login, password }: { readonly login: string; readonly password: string },
    { signal }: CallOptions = {},
  ): Promise<void> {
    const body = { login, password };
    await this.#session.begin(await unwrap(this.api.POST('/token', { body, ...given(signal) })));
  }

  /**
   * Signs out: forgets the tokens at once, and revokes the session. Without a session it does nothing.
   *
   * @throws {HivegateError} when the session could not be revoked. The tokens are forgotten all the same
   */
  async signOut({ signal }: CallOptions = {}): Promise<void> {
    const tokens = await this.#session.end();
    if (!tokens) return;
    const body = { token: tokens.refreshToken ?? tokens.accessToken };
    await unwrap(this.api.POST('/token/revoke', { body, ...given(signal) }));
  }

  /** Reads a user. */
  async getUser(id: UserId, { signal }: CallOptions = {}): Promise<User> {
    return (await this.#readUser(id, signal)).user;
  }

  /** Creates a user. It is not repeated after a 503: it may have been created. */
  async createUser(user: CreateUser, { signal }: CallOptions = {}): Promise<CreatedUser> {
    return objectOf(await unwrap(this.api.POST('/user', { body: user, ...given(signal) })));
  }

  /**
   * Updates a user: what is absent from the changes stays as it is.
   *
   * With a function, the user is read, the changes are computed from it, and sent on the condition that nobody has
   * changed the user since (`If-Match`). If somebody has, it begins again.
   *
   * @throws {HivegateError} 412 when the user has changed after each of the `attempts`; 503 when it may have been updated
   */
  async updateUser(
    id: UserId,
    changes: UpdateUser | ComputeChanges,
    { signal, attempts = 5 }: UpdateOptions = {},
  ): Promise<void> {
    if (typeof changes !== 'function') {
      await this.#put(id, changes, undefined, signal);
      return;
    }
    for (let attempt = 1; ; attempt += 1) {
      const { user, tag } = await this.#readUser(id, signal);
      const body = await changes(user);
      const values: unknown[] = Object.values(body ?? {});
      if (!body || values.every((value) => value === undefined)) return;
      if (tag === undefined) {
        throw new HivegateError('The user has no entity tag: a proxy removes it, or CORS hides it', {
          kind: 'unreadable',
        });
      }
      try {
        await this.#put(id, body, tag, signal);
        return;
      } catch (error) {
        const hasChanged = error instanceof HivegateError && error.status === 412;
        if (!hasChanged || attempt >= attempts) throw error;
      }
    }
  }

  /** Updates a user by a JSON merge patch (RFC 7396): `data` is merged, member by member; `null` removes a member. */
  async patchUser(id: UserId, patch: PatchUser, { signal }: CallOptions = {}): Promise<void> {
    const rest = { body: patch, ...given(signal) };
    await unwrap(
      id === 'current'
        ? this.api.PATCH('/user/current', rest)
        : this.api.PATCH('/user/{id}', { params: { path: { id } }, ...rest }),
    );
  }

  /** Deletes a user. If it is repeated after a 503, a 404 may mean that the first attempt has deleted it. */
  async deleteUser(id: number, { signal }: CallOptions = {}): Promise<void> {
    await unwrap(this.api.DELETE('/user/{id}', { params: { path: { id } }, ...given(signal) }));
  }

  /** Iterates over users, page by page: `for await (const user of client.users({ role: 1 }))`. */
  users(query: UserQuery = {}, { signal }: CallOptions = {}): AsyncGenerator<ListedUser, void, undefined> {
    return itemsOf((after) =>
      pageOf(this.api.GET('/user', { params: { query: behind(query, after) }, ...given(signal) })),
    );
  }

  /** Iterates over the networks that the caller can reach. */
  networks(query: NetworkQuery = {}, { signal }: CallOptions = {}): AsyncGenerator<Scope, void, undefined> {
    return itemsOf((after) =>
      pageOf(this.api.GET('/network', { params: { query: behind(query, after) }, ...given(signal) })),
    );
  }

  /** Iterates over the device types that the caller can reach. */
  deviceTypes(
    query: DeviceTypeQuery = {},
    { signal }: CallOptions = {},
  ): AsyncGenerator<Scope, void, undefined> {
    return itemsOf((after) =>
      pageOf(this.api.GET('/devicetype', { params: { query: behind(query, after) }, ...given(signal) })),
    );
  }

  /** Iterates over the events that there are now, oldest first. To go on later, give the last `id` as `after`. */
  events(query: EventQuery = {}, { signal }: CallOptions = {}): AsyncGenerator<Event, void, undefined> {
    return itemsOf((after) =>
      pageOf(this.api.GET('/event', { params: { query: behind(query, after) }, ...given(signal) })),
    );
  }

  /** Iterates over the open sessions of a user, newest first. */
  sessions(
    id: UserId = 'current',
    query: SessionQuery = {},
    { signal }: CallOptions = {},
  ): AsyncGenerator<UserSession, void, undefined> {
    const take = query.take ?? SESSIONS_PER_PAGE;
    return itemsOf(async (after) => {
      const pageQuery = { ...behind(query, after), take };
      const data = await unwrap(
        id === 'current'
          ? this.api.GET('/user/current/session', { params: { query: pageQuery }, ...given(signal) })
          : this.api.GET('/user/{id}/session', {
              params: { path: { id }, query: pageQuery },
              ...given(signal),
            }),
      );
      const items = listOf(data);
      return { items, next: items.length < take ? undefined : items.at(-1)?.id };
    });
  }

  async #refresh(refreshToken: string): Promise<IssuedTokens> {
    const signal = AbortSignal.timeout(REFRESH_TIMEOUT);
    try {
      return await unwrap(this.api.POST('/token/refresh', { body: { refreshToken }, signal }));
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new HivegateError('The service did not refresh the token in time', {
        kind: 'network',
        cause: error,
      });
    }
  }

  async #readUser(
    id: UserId,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly user: User; readonly tag: string | undefined }> {
    const result = await (id === 'current'
      ? this.api.GET('/user/current', given(signal))
      : this.api.GET('/user/{id}', { params: { path: { id } }, ...given(signal) }));
    const user = objectOf(await unwrap(result));
    // A proxy that compresses makes a tag weak, and a weak one never matches. The service means the record, not its bytes.
    const tag = result.response.headers.get('etag')?.replace(/^W\//, '');
    return { user, tag };
  }

  async #put(
    id: UserId,
    body: UpdateUser,
    tag: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const header = tag === undefined ? {} : { 'If-Match': tag };
    await unwrap(
      id === 'current'
        ? this.api.PUT('/user/current', { params: { header }, body, ...given(signal) })
        : this.api.PUT('/user/{id}', { params: { path: { id }, header }, body, ...given(signal) }),
    );
  }
}

/** Checks a base URL. Its error does not quote it: it may hold a password. */
function readBaseUrl(baseUrl: string): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  let url: URL;
  try {
    url = new URL(baseUrl, location?.href);
  } catch {
    throw new TypeError('baseUrl is not a URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError('baseUrl is not of http(s)');
  if (url.username !== '' || url.password !== '')
    throw new TypeError('baseUrl holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw new TypeError('baseUrl holds a query or a fragment');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** The option of `openapi-fetch` for a signal, if there is one. */
const given = (signal: AbortSignal | undefined) => (signal ? { signal } : {});

/** The query of the page behind `after`, which excludes `skip`. */
function behind<Query extends object>(query: Query, after: string | undefined): Query {
  if (after === undefined) return query;
  const { skip: _, ...rest } = query as Query & { readonly skip?: unknown };
  return { ...rest, after } as unknown as Query;
}

async function pageOf<Item>(
  pending: Promise<{ data?: Item[]; error?: unknown; response: Response }>,
): Promise<Page<Item>> {
  const result = await pending;
  return { items: listOf((await unwrap(result)) as Item[]), next: nextOf(result.response) };
}
