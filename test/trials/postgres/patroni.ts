import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort } from '../../support/postgres.js';
import type { Backend } from './haproxy.js';
import { makeDirectory, own, POSTGRESQL_15, programOf, RunningProgram } from './programs.js';

/** Milliseconds until a cluster has a leader and a synchronous standby: after a leader was killed, its lease runs out. */
const CLUSTER_LIMIT = 90_000;
const SUPERUSER = { username: 'postgres', password: 'the superuser of trials' };
const REPLICATION = { username: 'replicator', password: 'the replicator of trials' };

/** A member of a {@link PatroniCluster}. */
interface Node {
  readonly name: string;
  readonly directory: string;
  readonly port: number;
  readonly checkPort: number;
  running?: RunningProgram;
}

/** What Patroni says of a member. */
interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
}

/** Three nodes of Debian's Patroni with one etcd, in synchronous mode: a commit is acknowledged once a standby has it. */
export class PatroniCluster {
  private constructor(
    private readonly nodes: readonly Node[],
    private readonly etcdPort: number,
  ) {}

  /** Starts etcd and the nodes; returns once there are a leader and a synchronous standby. */
  static async start(count = 3): Promise<PatroniCluster> {
    const etcdPort = await startEtcd();
    const nodes: Node[] = [];
    for (let index = 1; index <= count; index += 1)
      nodes.push({
        name: `node${index}`,
        directory: await makeDirectory(),
        port: await freePort(),
        checkPort: await freePort(),
      });
    const cluster = new PatroniCluster(nodes, etcdPort);
    for (const node of nodes) cluster.startNode(node);
    await cluster.settled();
    return cluster;
  }

  /** The nodes as HAProxy sees them. */
  get backends(): readonly Backend[] {
    return this.nodes;
  }

  /** Waits until there is a leader with a synchronous standby, and returns the name of the leader. */
  async settled(): Promise<string> {
    const deadline = performance.now() + CLUSTER_LIMIT;
    for (;;) {
      const members = await this.members();
      const leader = members.find(({ role, state }) => role === 'leader' && state === 'running');
      if (leader && members.some(({ role }) => role === 'sync_standby')) return leader.name;
      if (performance.now() > deadline)
        throw new Error(
          `The cluster has no leader with a standby: ${JSON.stringify(members)}\n${this.nodes.map(({ running }) => running?.output.slice(-1500)).join('\n')}`,
        );
      await pause(100);
    }
  }

  /** Kills a node with -9: Patroni and its PostgreSQL. */
  async kill(name: string): Promise<void> {
    await this.nodeOf(name).running?.kill();
  }

  /** Starts a node again. It rejoins as a standby. */
  restart(name: string): void {
    this.startNode(this.nodeOf(name));
  }

  /** A URL for the administrator of the servers, at the port of a proxy before them. */
  superuserUrlAt(port: number): string {
    return `postgres://${SUPERUSER.username}:${encodeURIComponent(SUPERUSER.password)}@127.0.0.1:${port}/postgres`;
  }

  private nodeOf(name: string): Node {
    const node = this.nodes.find((each) => each.name === name);
    if (!node) throw new Error(`There is no ${name}`);
    return node;
  }

  /** What the members say of each other. Any of them may not respond. */
  private async members(): Promise<readonly Member[]> {
    for (const { checkPort } of this.nodes) {
      try {
        const response = await fetch(`http://127.0.0.1:${checkPort}/cluster`, {
          signal: AbortSignal.timeout(2000),
        });
        const { members } = (await response.json()) as { members: Member[] };
        if (members.length > 0) return members;
      } catch {
        // The next one may know.
      }
    }
    return [];
  }

  private startNode(node: Node): void {
    const { name, directory, port, checkPort } = node;
    const address = `127.0.0.1:${port}`;
    const configuration = {
      scope: 'trial',
      name,
      restapi: { listen: `127.0.0.1:${checkPort}`, connect_address: `127.0.0.1:${checkPort}` },
      etcd3: { host: `127.0.0.1:${this.etcdPort}` },
      bootstrap: {
        // The least that Patroni takes: a leader that is gone is replaced after `ttl` seconds.
        dcs: {
          ttl: 20,
          loop_wait: 2,
          retry_timeout: 5,
          synchronous_mode: true,
          maximum_lag_on_failover: 1_048_576,
          postgresql: {
            use_pg_rewind: true,
            use_slots: true,
            parameters: {
              fsync: 'off',
              max_connections: 100,
              shared_buffers: '32MB',
              wal_log_hints: 'on',
              wal_keep_size: '256MB',
            },
          },
        },
        initdb: ['no-sync', { encoding: 'UTF8' }, { locale: 'C' }],
      },
      postgresql: {
        listen: address,
        connect_address: address,
        data_dir: join(directory, 'data'),
        bin_dir: POSTGRESQL_15,
        pgpass: join(directory, 'pgpass'),
        authentication: { superuser: SUPERUSER, replication: REPLICATION, rewind: SUPERUSER },
        parameters: { unix_socket_directories: directory },
        pg_hba: [
          'local all all scram-sha-256',
          'host all all 127.0.0.1/32 scram-sha-256',
          'host replication all 127.0.0.1/32 scram-sha-256',
        ],
        create_replica_methods: ['basebackup'],
        basebackup: [{ checkpoint: 'fast' }, 'no-sync'],
      },
    };
    const file = join(directory, 'patroni.yml');
    writeFileSync(file, stringify(configuration));
    own(file);
    node.running = RunningProgram.start(programOf('patroni') ?? '', [file], directory);
  }
}

/** Starts a single etcd; returns the port of its clients. */
async function startEtcd(): Promise<number> {
  const directory = await makeDirectory();
  const [port, peerPort] = [await freePort(), await freePort()];
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  const flags = {
    name: 'etcd',
    'data-dir': join(directory, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `etcd=${peer}`,
    'unsafe-no-fsync': 'true',
  };
  const parameters = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  RunningProgram.start(programOf('etcd-server') ?? '', parameters, directory);
  return port;
}
