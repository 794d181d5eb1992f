import { setTimeout as pause } from 'node:timers/promises';
import type { OpenAPIObject } from '@nestjs/swagger';
import { OpenApiConformance } from '../../support/conformance/openapi-conformance.js';
import type { ProvenService } from '../proven-service.js';
import { Accepted, type Snapshot, takeSnapshot } from './changes.js';
import { Connection, type Exchange } from './connection.js';
import { type Operation, operationsOf, Router } from './document.js';
import { Generator } from './generator.js';
import { normalPathOf, Oracle } from './oracle.js';
import { Random } from './random.js';
import { type FuzzRequest, show } from './request.js';
import { kindOf, shrink } from './shrink.js';
import { World } from './world.js';

/** Requests between two looks at the database. */
const BATCH = 1000;
/**
 * Requests at once. Fewer than may hash and wait for it on two cores: what is refused here is refused for what it is
 * and not because there is too much of it.
 */
const CONCURRENCY = 16;
const MOST_FAULTS = 12;

/** Sends a service everything there is, and watches what it answers and what becomes of its data. */
export class Campaign {
  /** What was wrong, each kind once. */
  readonly faults = new Map<string, string>();
  /** Answers by status. */
  readonly statuses = new Map<number, number>();
  /** Answers by operation and status: `PUT /user/{id} 204`. */
  readonly covered = new Map<string, number>();
  sent = 0;
  /** Answers from 400 to 499. */
  refused = 0;
  /** The longest that a request of nothing had to wait beside the others, in milliseconds. */
  longestWait = 0;
  private readonly connections: Connection[];
  private readonly router: Router;

  private constructor(
    private readonly service: ProvenService,
    readonly operations: readonly Operation[],
    private readonly oracle: Oracle,
    private readonly generator: Generator,
    private readonly world: World,
    private readonly seed: number,
  ) {
    this.connections = Array.from({ length: CONCURRENCY }, () => this.connect());
    this.router = new Router(operations);
  }

  static async prepare(service: ProvenService, seed: number): Promise<Campaign> {
    const document = (await service.client.get('/swagger.json')).body as OpenAPIObject;
    const operations = operationsOf(document);
    const generator = new Generator(operations, new Random(seed), `fuzz-${seed.toString(36)}`);
    const oracle = new Oracle(new OpenApiConformance(document));
    return new Campaign(service, operations, oracle, generator, await World.create(service), seed);
  }

  /** Sends so many requests, or fewer when too much is wrong. */
  async run(count: number): Promise<void> {
    let isRunning = true;
    const { process } = this.service;
    void process.ended.then((code) => {
      if (isRunning)
        this.faults.set('ended', `the service ended with ${code}: ${process.output.slice(-2000)}`);
    });
    const watching = this.watch(() => isRunning);
    try {
      const until = this.sent + count;
      let snapshot = await takeSnapshot(this.service.database);
      while (this.sent < until && this.faults.size < MOST_FAULTS) {
        await this.batch(snapshot);
        await this.world.reopenSessions();
        await this.world.mend();
        snapshot = await takeSnapshot(this.service.database);
      }
    } catch (error) {
      // Of a service that has ended, nothing can be asked any more; that it has may be heard later.
      await Promise.race([process.ended, pause(2000)]);
      if (!this.faults.has('ended')) throw error;
    } finally {
      isRunning = false;
      await watching;
      for (const connection of this.connections) connection.close();
    }
  }

  private async batch(before: Snapshot): Promise<void> {
    const { scene } = this.world;
    const requests = Array.from({ length: BATCH }, () => this.generator.next(scene));
    const accepted = new Accepted();
    const idOf = new Map(scene.callers.map(({ name, id }) => [name, id]));
    let next = 0;
    await Promise.all(
      this.connections.map(async (connection) => {
        for (let request = requests[next++]; request; request = requests[next++]) {
          const exchange = await connection.send(request);
          this.count(request, exchange);
          for (const [index, asked] of request.asked.entries()) {
            const answer = exchange.answers[index];
            if (answer) accepted.add(asked, answer, idOf.get(request.as) ?? 0);
            else if (!request.isCut) accepted.addUnheard(asked, idOf.get(request.as) ?? 0);
          }
          const [fault] = this.oracle.judge(request, exchange);
          if (fault !== undefined) await this.report(request, fault);
        }
      }),
    );
    const after = await takeSnapshot(this.service.database);
    for (const change of accepted.unaccounted(before, after)) {
      this.faults.set(
        kindOf(change),
        `${change}, and no request was told that it was done (seed ${this.seed})`,
      );
    }
  }

  private count({ asked }: FuzzRequest, { answers }: Exchange): void {
    this.sent += Math.max(1, asked.length);
    for (const [index, { status }] of answers.entries()) {
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      if (status >= 400 && status < 500) this.refused += 1;
      const { method = '', target = '*' } = asked[index] ?? {};
      const operation = this.router.find(method, normalPathOf(target));
      const key = `${operation?.label ?? 'none'} ${status}`;
      this.covered.set(key, (this.covered.get(key) ?? 0) + 1);
    }
  }

  private async report(request: FuzzRequest, fault: string): Promise<void> {
    const kind = kindOf(fault);
    if (this.faults.has(kind)) return;
    this.faults.set(kind, fault);
    const connection = this.connect();
    const smallest = await shrink(request, fault, connection, this.oracle);
    connection.close();
    this.faults.set(kind, `${fault}\n  ${show(smallest)}\n  (seed ${this.seed}, FUZZ_SEED sets it)`);
  }

  /** Asks for next to nothing, again and again. */
  private async watch(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.world.reopenSessions();
      const began = performance.now();
      try {
        await this.service.client.get('/health/live');
      } catch (error) {
        this.faults.set('health', `GET /health/live was not answered: ${String((error as Error).cause)}`);
      }
      this.longestWait = Math.max(this.longestWait, performance.now() - began);
      await pause(100);
    }
  }

  private connect(): Connection {
    const { hostname, port } = new URL(this.service.client.baseUrl);
    return new Connection(hostname, Number(port));
  }
}
