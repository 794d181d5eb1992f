import type { TestDatabase } from '../../support/database.js';
import type { WireAnswer } from './answer-parser.js';
import { pathOf } from './document.js';
import type { Asked } from './request.js';

const UNHEARD: WireAnswer = { status: 204, headers: new Map(), text: '', closes: true };

type Row = Readonly<Record<string, unknown>>;

/** The tables, by what a row is called in the paths of the service. */
const TABLES: Readonly<Record<string, readonly [path: string, ...columns: string[]]>> = {
  users: ['user', 'id'],
  networks: ['network', 'id'],
  device_types: ['devicetype', 'id'],
  user_networks: ['network', 'user_id', 'network_id'],
  user_device_types: ['devicetype', 'user_id', 'device_type_id'],
  configuration: ['configuration', 'name'],
  signing_keys: ['key', 'kid'],
};
/** What a refused sign-in changes (contract.md §5). */
const COUNTED = ['login_attempts', 'blocked_at', 'blocked_until'];
/** The events of refused sign-ins. */
const REFUSED = ['user.lockedOut', 'signIn.failed'];

/** How many events of one type there have been about one subject. */
interface EventTally {
  readonly type: string;
  readonly subject: string;
  readonly number: number;
}

/** The data of the service at one moment. */
export interface Snapshot {
  /** By table and key: `users/5`, `user_networks/5/2`. */
  readonly rows: ReadonlyMap<string, Row>;
  /** By type and subject: `user.updated of user/5`. */
  readonly events: ReadonlyMap<string, EventTally>;
}

/** Reads all of it. */
export async function takeSnapshot(database: TestDatabase): Promise<Snapshot> {
  const rows = new Map<string, Row>();
  await Promise.all(
    Object.entries(TABLES).map(async ([table, [, ...keys]]) => {
      for (const row of await database.query(`SELECT * FROM ${table}`))
        rows.set([table, ...keys.map((key) => String(row[key]))].join('/'), row);
    }),
  );
  // One statement: an event is in one of the two tables at any moment.
  const tallies = await database.query(`
    SELECT type, subject, count(*) AS number
    FROM (SELECT type, subject FROM events UNION ALL SELECT type, subject FROM pending_events) e
    GROUP BY type, subject`);
  const events = tallies.map((row): [string, EventTally] => {
    const [type, subject] = [String(row['type']), String(row['subject'])];
    return [`${type} of ${subject}`, { type, subject, number: Number(row['number']) }];
  });
  return { rows, events: new Map(events) };
}

const REVOKED = 'session.revoked';

/** What accepted requests were about: only that may change. */
export class Accepted {
  /** As paths: `user/5`, `network/2`, `configuration/x`. */
  private readonly subjects = new Set<string>();
  /** The kinds of what may have been made and not been told. */
  private readonly unheard = new Set<string>();
  private count = 0;
  /** Whether sessions may have been revoked by one of their tokens, whoever's that was. */
  private revokes = false;

  /** Notes what an answer has allowed to change. */
  add({ method, target }: Asked, { status, text }: WireAnswer, callerId: number): void {
    if (status >= 300 || !['POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return;
    const [, kind = '', id = '', scope, scopeId] = pathOf(target).split('/').map(decode);
    // Changes nothing.
    if (kind === 'token' && id === 'introspect') return;
    this.count += 1;
    if (kind === 'token' && id === 'revoke') {
      this.revokes = true;
    } else if (kind === 'token') {
      const payload = /"accessToken":"[^.]*\.([^.]*)\./.exec(text)?.[1] ?? '';
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { payload: { u: number } };
      this.subjects.add(`user/${claims.payload.u}`);
    } else if (method === 'POST') {
      this.subjects.add(`${kind}/${(JSON.parse(text) as { id: number }).id}`);
    } else {
      this.subjects.add(`${kind}/${subjectOf(kind, id, callerId)}`);
      if (scope !== undefined && scopeId !== undefined) this.subjects.add(`${scope}/${Number(scopeId)}`);
    }
  }

  /** Notes that nobody knows what became of a request: the connection was closed before its answer. */
  addUnheard({ method, target }: Asked, callerId: number): void {
    if (method !== 'POST') this.add({ method, target }, UNHEARD, callerId);
    // What it has made, nobody knows either.
    else this.unheard.add(pathOf(target).slice(1));
    this.count += 1;
  }

  /** What has changed and was not asked for, or was refused. */
  unaccounted(before: Snapshot, after: Snapshot): string[] {
    const events = eventsBetween(before, after);
    const locked = new Set(
      events.filter(({ type }) => type === 'user.lockedOut').map(({ subject }) => subject),
    );
    const changed = [...new Set([...before.rows.keys(), ...after.rows.keys()])].flatMap((key) => {
      const columns = differences(before.rows.get(key), after.rows.get(key));
      if (columns.length === 0 || this.covers(key, !before.rows.has(key))) return [];
      const isLockout = key.startsWith('users/') && locked.has(key.replace('users/', 'user/'));
      const allowed = key.startsWith('users/')
        ? [...COUNTED, ...(isLockout ? ['status', 'version'] : [])]
        : [];
      const others = columns.filter((column) => !allowed.includes(column));
      return others.length > 0 ? [`${key} has changed (${others.join()})`] : [];
    });
    const asked = events.filter(({ type }) => !REFUSED.includes(type));
    const unasked = asked
      .filter(({ type, subject }) => !(this.revokes && type === REVOKED) && !this.mayHaveEvents(subject))
      .map(({ type, subject }) => `there is an event ${type} of ${subject}`);
    // One request may revoke many sessions.
    const counted = asked.filter(({ type }) => type !== REVOKED);
    const number = counted.reduce((sum, event) => sum + event.number, 0);
    const tooMany = number > this.count ? ['there are more events than accepted requests'] : [];
    return [...changed, ...unasked, ...tooMany];
  }

  private mayHaveEvents(subject: string): boolean {
    return this.subjects.has(subject) || this.unheard.has(subject.split('/', 1)[0] ?? '');
  }

  private covers(key: string, isNew: boolean): boolean {
    const [table = '', ...ids] = key.split('/');
    const [path = ''] = TABLES[table] ?? [];
    const id = table === 'configuration' ? key.slice('configuration/'.length) : (ids.at(-1) ?? '');
    if (this.subjects.has(`${path}/${id}`) || (isNew && this.unheard.has(path))) return true;
    if (table === 'users' && [...this.unheard].some((kind) => kind.startsWith('token'))) return true;
    return ids.length === 2 && this.subjects.has(`user/${ids[0] ?? ''}`);
  }
}

/** The events that came between two snapshots, and how many of each. */
function eventsBetween(before: Snapshot, after: Snapshot): EventTally[] {
  return [...after.events]
    .map(([key, tally]) => ({ ...tally, number: tally.number - (before.events.get(key)?.number ?? 0) }))
    .filter(({ number }) => number > 0);
}

function subjectOf(kind: string, id: string, callerId: number): string | number {
  if (kind === 'configuration') return id;
  return kind === 'user' && id === 'current' ? callerId : Number(id);
}

function differences(before: Row | undefined, after: Row | undefined): string[] {
  if (!before || !after) return before === after ? [] : ['all of it'];
  return Object.keys(before).filter((column) => before[column] !== after[column]);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
