import type { Operation, Schema } from './document.js';
import { Draft, type Member } from './draft.js';
import { mutate } from './mutators.js';
import type { Random } from './random.js';
import type { FuzzRequest, Header } from './request.js';

/** Somebody who asks: an administrator, a client, nobody. */
export interface Caller {
  readonly name: string;
  readonly token: string | undefined;
  /** Its own id; 0: of nobody. */
  readonly id: number;
  /** How often it asks. */
  readonly weight: number;
}

/** A session that no caller uses. */
export interface OpenSession {
  readonly userId: number;
  readonly sessionId: string;
}

/** What there is to ask for. */
export interface Scene {
  readonly host: string;
  readonly callers: readonly Caller[];
  /** Users, networks, device types and settings that anything may be done to. */
  readonly users: readonly number[];
  readonly networks: readonly number[];
  readonly deviceTypes: readonly number[];
  readonly settings: readonly string[];
  /** A user and a network that is assigned to it. */
  readonly assigned: Readonly<Record<string, string>>;
  /** Sessions that may be revoked. */
  readonly sessions: readonly OpenSession[];
  /** The path of a user that nothing may be done to. */
  readonly victim: string;
  /** Whom one can sign in as, and whose refresh token is good. */
  readonly credentials: { readonly login: string; readonly password: string };
  readonly refreshToken: string;
}

/** Nothing has this id. */
const MISSING = 987_654_321;

/** Makes requests: those of the document with what its schemas allow, and from these the spoilt ones. */
export class Generator {
  /** Numbers what has to be unique. */
  private made = 0;

  constructor(
    private readonly operations: readonly Operation[],
    private readonly random: Random,
    /** Sets apart what this run makes. */
    private readonly run: string,
  ) {}

  /** One request. */
  next(scene: Scene): FuzzRequest {
    const { random } = this;
    const operation = random.pick(this.operations);
    const caller = random.weigh(scene.callers.map((one) => [one.weight, one] as const));
    const draft = new Draft(
      operation,
      caller.name,
      caller.token,
      this.parametersOf(operation, scene, caller),
      scene.victim,
    );
    draft.headers = this.headersOf(draft, scene);
    draft.query = this.queryOf(operation);
    if (operation.body) draft.members = this.membersOf(operation, scene, caller);
    mutate(draft, random);
    return draft.finish();
  }

  private headersOf({ token, operation }: Draft, { host }: Scene): Header[] {
    return [
      ['Host', host],
      ...(token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const]),
      ...(operation.body ? [['Content-Type', 'application/json'] as const] : []),
    ];
  }

  private parametersOf(operation: Operation, scene: Scene, caller: Caller): Readonly<Record<string, string>> {
    const { random } = this;
    if (operation.label === 'GET /user/{id}/network/{networkId}' && random.chance(0.4)) return scene.assigned;
    const session = this.sessionFor(operation, scene, caller);
    if (session) return { id: String(session.userId), sessionId: session.sessionId };
    const isMissing = random.chance(0.06);
    const choose = (name: string): string | number => {
      if (isMissing) return name === 'name' ? 'fuzz.missing' : MISSING;
      if (name === 'name') return random.pick(scene.settings);
      if (name === 'networkId' || operation.path.startsWith('/network')) return random.pick(scene.networks);
      if (name === 'deviceTypeId' || operation.path.startsWith('/devicetype'))
        return random.pick(scene.deviceTypes);
      // Clients reach nobody else, and nobody changes those who ask.
      const isRead = operation.method === 'GET';
      return isRead && random.chance(0.3) && caller.id > 0 ? caller.id : random.pick(scene.users);
    };
    return Object.fromEntries(operation.pathParameters.map(({ name }) => [name, String(choose(name))]));
  }

  /** One that the caller may revoke, if the operation does that. */
  private sessionFor({ path }: Operation, { sessions }: Scene, { id }: Caller): OpenSession | undefined {
    const { random } = this;
    if (!path.endsWith('/session/{sessionId}') || random.chance(0.2)) return undefined;
    const fitting = path.startsWith('/user/current')
      ? sessions.filter(({ userId }) => userId === id)
      : sessions;
    return fitting.length === 0 ? undefined : random.pick(fitting);
  }

  private queryOf({ queryParameters }: Operation): string[] {
    const { random } = this;
    const chosen = queryParameters.filter(() => random.chance(0.2));
    const names = new Set(chosen.map(({ name }) => name));
    if (names.has('after')) for (const other of ['skip', 'sortField']) names.delete(other);
    return chosen
      .filter(({ name }) => names.has(name))
      .map(
        ({ name, schema }) => `${name}=${encodeURIComponent(String(JSON.parse(this.valueOf(name, schema))))}`,
      );
  }

  private membersOf(operation: Operation, scene: Scene, caller: Caller): Member[] {
    const { random } = this;
    const { properties = {}, required = [] } = operation.body ?? {};
    return Object.entries(properties)
      .filter(([name]) => {
        if (required.includes(name)) return true;
        // Whoever asks goes on as it is; an old password is known of nobody.
        const isKept = operation.path === '/user/current' && !CHANGED_BY_ITSELF.includes(name);
        return !isKept && name !== 'oldPassword' && random.chance(READ_ONLY.includes(name) ? 0.1 : 0.35);
      })
      .map(([name, schema]) => [
        name,
        this.known(operation, name, scene, caller) ?? this.valueOf(name, schema),
      ]);
  }

  /** What only the scene knows, as JSON. */
  private known(operation: Operation, name: string, scene: Scene, caller: Caller): string | undefined {
    const { random } = this;
    if (operation.path === '/token') {
      const { login, password } = scene.credentials;
      return JSON.stringify(name === 'login' ? login : password);
    }
    if (name === 'refreshToken') return JSON.stringify(scene.refreshToken);
    if (name === 'userId')
      return String(random.chance(0.4) && caller.id > 0 ? caller.id : random.pick([...scene.users, MISSING]));
    if (name === 'networkIds') return JSON.stringify([random.pick(scene.networks)]);
    if (name === 'deviceTypeIds') return JSON.stringify([String(random.pick(scene.deviceTypes))]);
    return undefined;
  }

  /** A value that the schema allows, as JSON. */
  private valueOf(name: string, schema: Schema): string {
    const { random } = this;
    if (schema.nullable && random.chance(0.1)) return 'null';
    if (schema.enum) return JSON.stringify(random.pick(schema.enum));
    const either = schema.oneOf?.at(0);
    if (either) return this.valueOf(name, either);
    switch (schema.type) {
      case 'integer': {
        const least = schema.minimum ?? 0;
        return String(least + random.below(Math.min(schema.maximum ?? 1000, 1000) - least + 1));
      }
      case 'boolean':
        return String(random.chance(0.5));
      case 'array':
        if (name === 'networks') return '[]';
        return `[${Array.from({ length: random.below(4) }, () => this.valueOf(name, schema.items ?? {})).join()}]`;
      case 'string':
        return JSON.stringify(this.textOf(name, schema));
      default:
        return JSON.stringify({ theme: 'dark', [`k${random.below(9)}`]: [random.below(99), null, 'é'] });
    }
  }

  private textOf(name: string, { format, maxLength = 40 }: Schema): string {
    const { random } = this;
    this.made += 1;
    if (format === 'date-time') return new Date(Date.UTC(2040, random.below(12), 1)).toISOString();
    if (format === 'password') return `a password of fuzz ${this.made}`;
    if (name === 'login') return `${this.run}-${this.made}`;
    if (name === 'sortField') return random.pick(['ID', 'id']);
    if (name === 'sortOrder') return random.pick(['ASC', 'desc']);
    if (name.endsWith('Pattern')) return random.pick(['%', 'fuzz%', '%a%', '_uzz-%', '']);
    return `${this.run} ${this.made} ${random.pick(['é', '', '👩‍👩‍👧', 'x'.repeat(20)])}`.slice(0, maxLength);
  }
}

/** Fields that are accepted and ignored. */
const READ_ONLY = ['id', 'lastLogin', 'networks'];
/** What a user may change of itself and go on asking. */
const CHANGED_BY_ITSELF: readonly string[] = ['data', 'introReviewed', 'password'];
