/**
 * This checkout against another one, both built: which processor time does a request take in the process of the
 * service? Talks to both over HTTP and environment variables alone, so the other one may have another source layout.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeComparison, heading } from './comparison.mjs';
import {
  CHECKOUT,
  makeClients,
  signInAdministrator,
  startLoadGenerator,
  startService,
  takeTurns,
  whole,
} from './measuring.mjs';
import { getCurrent, listUsers, putCurrent, refresh, signIn } from './requests.mjs';

/** Users in each database, as many as the list needs several pages for. */
const USERS = 300;
/** How many of them send requests. */
const CALLERS = 100;
/** Rounds between restarts: two processes that run the same code differ by some percent until they are restarted. */
const ROUNDS_PER_START = 6;
/** Loads before the first round after a restart, until the code is compiled. In rounds. */
const WARM_UP = 6;

/**
 * What is sent: `requests` in each round, over so many connections. Rounds are short, some 0.2 seconds a side, so that
 * what else the machine does is the same for both sides of a pair.
 */
const LOADS = [
  {
    title: 'GET /user/current',
    connections: 32,
    requests: 1000,
    of: ({ clients }) => getCurrent(clients),
  },
  {
    title: 'PUT /user/current {data}',
    connections: 32,
    requests: 1000,
    of: ({ clients }) => putCurrent(clients),
  },
  {
    title: 'POST /token/refresh',
    connections: 32,
    requests: 600,
    of: ({ clients }) => refresh(clients),
  },
  {
    // Few connections: the service refuses sign-ins that would wait too long for bcrypt.
    title: 'POST /token',
    connections: 4,
    requests: 200,
    of: ({ clients }) => signIn(clients),
  },
  {
    title: 'GET /user?take=100',
    connections: 32,
    requests: 200,
    of: ({ administrator }) => listUsers(administrator),
  },
];

const SETTINGS = {
  // The lowest: with the default, a sign-in is bcrypt and nothing else.
  BCRYPT_COST: '4',
  // Longer than any run.
  ACCESS_TOKEN_TTL: '86400',
};

/** Compares this checkout with the one in the folder `against`, and prints the result. */
export async function compareCheckouts({ against, rounds = 36, requests }) {
  const directory = mkdtempSync(join(tmpdir(), 'hivegate-bench-'));
  const generator = startLoadGenerator();
  try {
    console.log(heading({ here: CHECKOUT, against, rounds }));
    const ours = await prepare(CHECKOUT, join(directory, 'here.sqlite'));
    const theirs = await prepare(against, join(directory, 'against.sqlite'));
    const loads = LOADS.map((item) => ({ ...item, requests: requests ?? item.requests }));
    // By load, for each start the pairs of its rounds.
    const starts = new Map(loads.map(({ title }) => [title, []]));
    for (let round = 0; round < rounds; round += ROUNDS_PER_START) {
      const count = Math.min(ROUNDS_PER_START, rounds - round);
      await withServices([ours, theirs], async ([our, their]) => {
        for (const item of loads) {
          const warmUp = { ...item, requests: item.requests * WARM_UP };
          await run(generator, our, warmUp);
          await run(generator, their, warmUp);
          const turns = await takeTurns(
            count,
            () => run(generator, our, item),
            () => run(generator, their, item),
          );
          starts.get(item.title).push(turns);
        }
      });
      console.log(`${round + count} of ${rounds} rounds`);
    }
    for (const item of loads) console.log(`\n${describeComparison(item, starts.get(item.title))}`);
  } finally {
    await generator.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A checkout with its own new database, the users in it and their tokens. */
async function prepare(checkout, file) {
  const side = { checkout, settings: { ...SETTINGS, DATABASE_URL: `sqlite:${file}` } };
  const service = await startService(side.settings, { checkout });
  try {
    const clients = await makeClients(service.url, USERS);
    const administrator = await signInAdministrator(service.url);
    return { ...side, clients: clients.slice(0, CALLERS), administrator };
  } finally {
    await service.stop();
  }
}

/** Starts the service of each side, gives both to `measure`, and stops them whatever happens. */
async function withServices(sides, measure) {
  const started = [];
  try {
    for (const side of sides) {
      const { checkout, settings } = side;
      started.push({
        ...side,
        service: await startService(settings, { checkout, reportsProcessorTime: true }),
      });
    }
    await measure(started);
  } finally {
    await Promise.all(started.map(({ service }) => service.stop()));
  }
}

/** Sends one load to one side. Fails on any response but a success. */
async function run(generator, { checkout, service, ...side }, { title, connections, requests, of }) {
  const before = await service.processorTime();
  const result = await generator.send({
    url: service.url,
    connections: Math.min(connections, requests),
    amount: requests,
    bailout: 1,
    requests: of(side),
  });
  const after = await service.processorTime();
  if (result.errors + result.non2xx > 0 || result.total !== requests) {
    throw new Error(
      `${title} failed in ${checkout}: ${whole(result.total)} of ${whole(requests)} responses, ` +
        `by status ${JSON.stringify(result.statuses)}, ${result.errors} connection errors`,
    );
  }
  return { processorTime: (after - before) / requests, perSecond: result.perSecond, p99: result.p99 };
}
