import { EndedLockouts } from '../../../src/authentication/sign-in/ended-lockouts.js';
import { EventsService } from '../../../src/events/events.service.js';
import { RevocationFeed } from '../../../src/revocations/revocation-feed.js';
import type { Answer } from '../../support/client.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from '../../support/database.js';
import { TestService } from '../../support/service.js';
import { type Callers, callersOf, furnish, type Furniture, type Operation } from './operations.js';
import { Statements } from './statements.js';
import { openTables, outline, type State, type Tables } from './tables.js';

/** The service looks up its signing keys every second; an operation must not be charged with that. */
const EVERY_SECOND = /"signing_keys"/;
const UNAVAILABLE = '{"error":503,"message":"The database is not available"}';

/** What an operation does when nothing goes wrong. */
export interface Course {
  readonly answer: Answer;
  /** What is committed after so many commits; the first is what was before. */
  readonly states: readonly string[];
  readonly statements: readonly string[];
  /** Changes that became true by something else than a commit. */
  readonly astray: number;
}

/** A service of this process, in whose driver things go wrong, and its tables, which can be put back. */
export class Trial {
  private constructor(
    readonly database: TestDatabase,
    readonly service: TestService,
    readonly statements: Statements,
    readonly tables: Tables,
    readonly furniture: Furniture,
    /** What every operation begins with. */
    readonly before: State,
  ) {}

  /** `environment`: settings that differ from those of tests. */
  static async start(kind: DatabaseKind, environment: Record<string, string> = {}): Promise<Trial> {
    const database = await createDatabase(kind);
    const statements = Statements.of(database.url, EVERY_SECOND);
    const service = await TestService.start(environment, database);
    // Events and revocations stay pending, and lockouts that have ended stay stored: what moves them is no part of an
    // operation.
    service.app.get(EventsService).onModuleDestroy();
    service.app.get(RevocationFeed).onModuleDestroy();
    service.app.get(EndedLockouts).onModuleDestroy();
    const furniture = await furnish(service.client, service.admin, database);
    const tables = await openTables(database);
    return new Trial(database, service, statements, tables, furniture, await tables.read());
  }

  get callers(): Callers {
    const { client, admin } = this.service;
    return callersOf(client, admin, this.furniture);
  }

  /** Puts the tables back. */
  async reset(): Promise<void> {
    await this.tables.write(this.before);
  }

  /** What is committed, in a form that can be compared. */
  async see(): Promise<string> {
    return outline(await this.tables.read(), this.before);
  }

  /** Does an operation with nothing in its way, and looks at the tables after each of its statements. */
  async observe(operation: Operation): Promise<Course> {
    await this.reset();
    const { statements, tables, before } = this;
    const states = [outline(before, before)];
    let astray = 0;
    const compare = (state: State) => {
      const now = outline(state, before);
      if (states.length <= statements.commits) states.push(now);
      else if (states.at(-1) !== now) astray += 1;
    };
    statements.watch(undefined, () => {
      const state = tables.read();
      if (state instanceof Promise) return state.then(compare);
      compare(state);
    });
    const answer = await operation.ask(this.callers);
    statements.leave();
    return { answer, states, statements: [...statements.texts], astray };
  }

  /** Stops the service, and leaves its database. */
  async leave(): Promise<void> {
    await this.tables.close();
    await this.service.stop();
  }

  async stop(): Promise<void> {
    await this.leave();
    await this.database.remove();
  }
}

/** Whether an answer is that the database cannot be used now, and nothing else. */
export const isUnavailable = ({ status, text, headers }: Answer): boolean =>
  status === 503 && text === UNAVAILABLE && headers.has('retry-after');
