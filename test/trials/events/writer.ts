import type { Answer, Client } from '../../support/client.js';

/** A change that was asked for, or an occurrence that is counted. */
export interface Change {
  /** Its `X-Request-Id`; the event of the change carries it. */
  readonly requestId: string;
  /** The type of its event. */
  readonly type: string;
  /** When it was sent, and when its response arrived, in milliseconds of this process. */
  readonly sent: number;
  acknowledged?: number;
  /** Whether the response says that nothing was changed. */
  refused?: boolean;
}

/** Everything that was asked for. */
export class Changes {
  readonly all: Change[] = [];
  private number = 0;

  constructor(private readonly name: string) {}

  get acknowledged(): number {
    return this.all.filter(({ acknowledged }) => acknowledged !== undefined).length;
  }

  /** Notes a change before it is sent. */
  begin(type: string): Change {
    this.number += 1;
    const change = {
      requestId: `${this.name}-${this.number}`,
      type: `hivegate.${type}`,
      sent: performance.now(),
    };
    this.all.push(change);
    return change;
  }
}

/** What acknowledges a failed login. */
const UNAUTHORIZED = 401;

/** An administrator who changes everything that can be changed, again and again, and does what is only counted. */
export class Writer {
  readonly changes: Changes;
  /** Own updates of `data`, and failed logins at {@link victim} and at a login that nobody has. */
  readonly dataUpdates: Changes;
  readonly failedLogins: Changes;
  readonly strangers: Changes;
  private round = 0;

  constructor(
    readonly name: string,
    readonly id: number,
    readonly victim: { readonly id: number; readonly login: string },
    private readonly token: string,
  ) {
    this.changes = new Changes(name);
    this.dataUpdates = new Changes(`${name}-data`);
    this.failedLogins = new Changes(`${name}-failed`);
    this.strangers = new Changes(`${name}-stranger`);
  }

  /** Everything that it has asked for. */
  get sent(): Change[] {
    return [this.changes, this.dataUpdates, this.failedLogins, this.strangers].flatMap(({ all }) => all);
  }

  /** Goes on until `until` says so. `client` returns the process to call, which may be a new one. */
  async write(client: () => Client, until: () => boolean): Promise<void> {
    while (!until()) {
      this.round += 1;
      for (const step of this.steps(client)) {
        if (until()) return;
        await step();
      }
    }
  }

  private *steps(client: () => Client): Generator<() => Promise<unknown>> {
    const name = `${this.name}-${this.round}`;
    const { changes } = this;
    const ids: Record<string, number | undefined> = {};
    let session: string | undefined;
    const ask = async (type: string, method: string, path: string, body?: object) => {
      // An earlier step may not have been acknowledged.
      if (path.includes('undefined')) return undefined;
      return this.ask(client(), changes.begin(type), method, path, body);
    };
    const create = (thing: string, path: string, body: object) => async () => {
      ids[thing] = (await ask(`${thing}.created`, 'POST', path, body))?.body?.id;
    };
    const user = { login: name, password: `the password of ${name}`, role: 1 };
    yield create('network', '/network', { name });
    yield create('deviceType', '/devicetype', { name });
    yield create('user', '/user', user);
    yield () => this.updateOwnData(client());
    yield () => ask('network.updated', 'PUT', `/network/${ids['network']}`, { description: name });
    yield () => ask('deviceType.updated', 'PUT', `/devicetype/${ids['deviceType']}`, { description: name });
    yield () => ask('user.updated', 'PUT', `/user/${ids['user']}`, { data: { name } });
    yield () => this.fail(client(), this.failedLogins, this.victim.login);
    const assignment = () => `/user/${ids['user']}/network/${ids['network']}`;
    yield () => ask('assignment.created', 'PUT', assignment(), {});
    yield async () => {
      const answer = await ask('signIn.succeeded', 'POST', '/token', user);
      const [, claims = ''] = String(answer?.body?.accessToken ?? '').split('.');
      session = answer?.body?.accessToken === undefined ? undefined : sidOf(claims);
    };
    yield () => ask('session.created', 'POST', '/token/create', { userId: ids['user'] ?? 0 });
    yield () => this.updateOwnData(client());
    yield () => ask('session.revoked', 'DELETE', `/user/${ids['user']}/session/${session}`);
    yield () => ask('assignment.deleted', 'DELETE', assignment());
    yield () => ask('configuration.set', 'PUT', `/configuration/${this.name}`, { value: name });
    yield () => this.fail(client(), this.strangers, `nobody-${name}`);
    yield () => ask('configuration.deleted', 'DELETE', `/configuration/${this.name}`);
    yield () => ask('user.updated', 'PUT', `/user/${ids['user']}`, { status: 2 });
    yield () => ask('user.deleted', 'DELETE', `/user/${ids['user']}`);
    yield () => ask('network.deleted', 'DELETE', `/network/${ids['network']}`);
    yield () => ask('deviceType.deleted', 'DELETE', `/devicetype/${ids['deviceType']}`);
  }

  private async updateOwnData(client: Client): Promise<void> {
    const change = this.dataUpdates.begin('user.updated');
    await this.ask(client, change, 'PUT', '/user/current', { data: { change: change.requestId } });
  }

  private async fail(client: Client, changes: Changes, login: string): Promise<void> {
    const body = { login, password: 'a password that is wrong' };
    await this.ask(client, changes.begin('signIn.failed'), 'POST', '/token', body, UNAUTHORIZED);
  }

  private async ask(
    client: Client,
    change: Change,
    method: string,
    path: string,
    body?: object,
    done?: number,
  ): Promise<Answer | undefined> {
    const headers = { 'x-request-id': change.requestId };
    try {
      const answer = await client.as(this.token).send(method, path, { body, headers });
      const { status } = answer;
      if (done === undefined ? status < 300 : status === done) change.acknowledged = performance.now();
      // After 500 and more the change may have been made.
      else if (status < 500) change.refused = true;
      return answer;
    } catch (error) {
      // The process was killed: it may have made the change, unless there was nobody to connect to.
      const { cause } = error as { cause?: NodeJS.ErrnoException };
      if (cause?.code === 'ECONNREFUSED') change.refused = true;
      return undefined;
    }
  }
}

const sidOf = (claims: string): string =>
  String((JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: unknown }).sid);
