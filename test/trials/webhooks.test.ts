import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventView } from '../../src/events/event.view.js';
import { type DatabaseKind, DATABASES } from '../support/database.js';
import { until } from '../support/until.js';
import { secretOf } from '../support/webhook-receiver.js';
import { note, times, whole } from './promise.js';
import { ProvenService } from './proven-service.js';

const KILLS = times(10, 2);
const SUBJECTS = times(32, 8);
/** Changes that must be acknowledged between two kills. */
const CHANGES_BEFORE_KILL = times(60, 10);
const SECRET = secretOf(5);
const TOKEN = 'token-of-the-receiver';

/** The failing receiver as a process of its own, on one port whenever it starts. */
class FailingReceiver {
  private child?: ChildProcess;
  private port = '0';

  constructor(private readonly path: string) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}/?key=${TOKEN}`;
  }

  /** What it has stored, in order: an id and a subject each. */
  get stored(): { readonly id: number; readonly subject: string }[] {
    const lines = existsSync(this.path) ? readFileSync(this.path, 'utf8').trimEnd().split('\n') : [];
    return lines.map((line) => {
      const [id, subject = ''] = line.split(' ');
      return { id: Number(id), subject };
    });
  }

  async start(): Promise<void> {
    const program = join(import.meta.dirname, 'webhook-receiver.process.mjs');
    const args = [program, this.port, this.path, SECRET];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(this.child.stdout ?? this.child, 'data')) as [Buffer];
    this.port = port.toString().trim();
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }
}

/** Changes networks, one after the other, at any of the processes, until it is stopped. */
class Changes {
  acknowledged = 0;
  private isStopped = false;
  private readonly running: Promise<void>[];

  constructor(services: readonly ProvenService[], networks: readonly number[]) {
    this.running = networks.map((id, index) => this.change(services, id, index));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.running);
  }

  private async change(services: readonly ProvenService[], id: number, index: number): Promise<void> {
    for (let count = 0; !this.isStopped; count += 1) {
      const service = services[(index + count) % services.length];
      try {
        const { status } = (await service?.admin.put(`/network/${id}`, { description: `${count}` })) ?? {};
        if (status === 204) this.acknowledged += 1;
      } catch {
        // The process is being killed.
      }
      // So that the receiver, which makes each subject wait, can follow.
      await pause(300);
    }
  }
}

async function eventsOf(service: ProvenService): Promise<EventView[]> {
  const events: EventView[] = [];
  for (;;) {
    const { body } = await service.admin.get(`/event?take=1000&after=${events.at(-1)?.id ?? 0}`);
    events.push(...(body as EventView[]));
    if (body.length < 1000) return events;
  }
}

/** The events whose first delivery came after that of a later event of the same subject. */
function misplaced(stored: FailingReceiver['stored']): string[] {
  const seen = new Set<number>();
  const last = new Map<string, number>();
  return stored.flatMap(({ id, subject }) => {
    if (seen.has(id)) return [];
    seen.add(id);
    const before = last.get(subject) ?? 0;
    last.set(subject, Math.max(id, before));
    return id < before ? [`${subject}: ${id} after ${before}`] : [];
  });
}

describe('Every event reaches a webhook, in order', () => {
  it.for(DATABASES)('that fails and is killed, on %s', async (kind: DatabaseKind, { task }) => {
    const directory = await mkdtemp(join(tmpdir(), 'hivegate-webhooks-'));
    const receiver = new FailingReceiver(join(directory, 'stored'));
    onTestFinished(async () => {
      await receiver.kill();
      await rm(directory, { recursive: true, force: true });
    });
    await receiver.start();
    const environment = { WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: SECRET };
    const first = await ProvenService.start({ kind, documented: false, environment });
    const services = [first];
    if (kind === 'postgres')
      services.push(await ProvenService.start({ database: first.database, documented: false, environment }));
    onTestFinished(() => Promise.all(services.map((service) => service.discard())).then(() => undefined));
    for (const secret of [SECRET, TOKEN]) first.secrets.add(secret);

    const networks: number[] = [];
    for (let index = 0; index < SUBJECTS; index += 1) {
      const { body } = await first.admin.post('/network', { name: `network ${index}` });
      networks.push(body.id as number);
    }
    const changes = new Changes(services, networks);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = changes.acknowledged + CHANGES_BEFORE_KILL;
      await until(() => changes.acknowledged >= enough);
      await receiver.kill();
      const service = services[kill % services.length] ?? first;
      await service.kill();
      await receiver.start();
      await service.begin();
    }
    await changes.stop();

    const stopped = performance.now();
    // The first start makes a key, before the first webhook.
    const events = (await eventsOf(first)).filter(({ type }) => type !== 'hivegate.key.created');
    const ids = events.map(({ id }) => Number(id));
    const missing = () => {
      const stored = new Set(receiver.stored.map(({ id }) => id));
      return ids.filter((id) => !stored.has(id));
    };
    await until(() => missing().length === 0);
    const seconds = (performance.now() - stopped) / 1000;
    const { stored } = receiver;
    const wrong = misplaced(stored);
    const unknown = stored.filter(({ id }) => !ids.includes(id)).length;
    note(
      { task },
      {
        tried: `${KILLS} × \`kill -9\` of the service${kind === 'postgres' ? ', two processes,' : ''} and of a receiver that fails 30 % of the time, on ${kind}`,
        seen: `${whole(ids.length)} events, all delivered ${seconds.toFixed(0)} s after the last change, ${whole(stored.length - ids.length)} of them again, ${wrong.length} out of order`,
      },
    );
    expect(wrong).toEqual([]);
    // All were signed, and none was made up.
    expect(unknown).toBe(0);
    await services[1]?.process.stop();
    await first.remove();
  });
});
