// A process of its own, at the lowest priority: sends the requests that it is told, on as many connections, and counts
// the statuses of the responses. JavaScript: a process starts from a file as it is. See hostile-sources.ts.
import { connect } from 'node:net';
import { constants, setPriority } from 'node:os';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

setPriority(constants.priority.PRIORITY_LOW);

/** Where a request has this, it has another hexadecimal number of four digits each time. */
const COUNTER = '@@@@';
/** Connections that are opened at once. */
const BATCH = 250;
/** How often a request is repeated at most until it is judged. */
const MOST_TRIES = 40;
/** Requests at once while each waits to be judged. */
const JUDGED_AT_ONCE = 64;

/** One connection that is kept, and opened again after it has been closed. One request at a time. */
class Connection {
  socket;
  received = '';
  settle = () => undefined;

  constructor(host, port) {
    Object.assign(this, { host, port });
  }

  open() {
    const socket = connect(this.port, this.host).setNoDelay().setEncoding('latin1');
    this.socket = socket;
    this.received = '';
    socket.on('data', (chunk) => {
      if (this.socket === socket) this.hear(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.socket === socket) this.finish(0);
    });
    return new Promise((opened) => socket.once('connect', opened).once('close', opened));
  }

  /** Sends a request. @returns the status; 0 when the connection was closed without a response */
  send(request) {
    if (!this.socket || this.socket.destroyed) void this.open();
    return new Promise((settle) => {
      this.settle = settle;
      this.socket.write(request);
    });
  }

  hear(chunk) {
    this.received += chunk;
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.received.length < end + 4 + length) return;
    if (/\r\nconnection: close/i.test(head)) this.socket.destroy();
    this.finish(Number(head.slice(9, 12)));
  }

  finish(status) {
    if (status === 0) this.socket = undefined;
    this.received = '';
    const { settle } = this;
    this.settle = () => undefined;
    settle(status);
  }
}

const statuses = {};
let sent = 0;
let isStopped = false;
const count = (status) => {
  statuses[status] = (statuses[status] ?? 0) + 1;
};

/** Requests as they are sent: those without a counter are encoded once. */
function encoded(text) {
  if (!text.includes(COUNTER)) {
    const bytes = Buffer.from(text);
    return () => bytes;
  }
  return () => text.replaceAll(COUNTER, ((sent += 1) & 0xffff).toString(16).padStart(4, '0'));
}

/** Waits for the next place among `perSecond`; without it there is no wait. */
function paced(perSecond) {
  if (!perSecond) return () => undefined;
  let due = 0;
  return () => {
    due = Math.max(due, performance.now() - 100) + 1000 / perSecond;
    return pause(due - performance.now());
  };
}

async function run({ host, port, requests, connections, perSecond, judged, isOnce }) {
  const texts = requests.map(encoded);
  const lanes = Array.from({ length: connections }, () => new Connection(host, port));
  while (lanes.some(({ socket }) => !socket))
    await Promise.all(
      lanes
        .filter(({ socket }) => !socket)
        .slice(0, BATCH)
        .map((lane) => lane.open()),
    );
  if (judged) await judgeEach(lanes.slice(0, JUDGED_AT_ONCE), texts, judged);
  const began = performance.now();
  process.send('ready');
  const wait = paced(perSecond);
  let next = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (!isStopped && !(isOnce && next >= texts.length)) {
        const text = texts[next % texts.length];
        next += 1;
        await wait();
        const status = await lane.send(text());
        count(status);
        if (status === 0) await pause(10);
      }
    }),
  );
  return { statuses, seconds: (performance.now() - began) / 1000 };
}

/** Sends each request until the service has judged it: from then on its source has failed. */
async function judgeEach(lanes, texts, judged) {
  let next = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      while (next < texts.length) {
        const text = texts[next];
        next += 1;
        for (let tries = 0; tries < MOST_TRIES; tries += 1) {
          if (judged.includes(await lane.send(text()))) break;
          await pause(300 + Math.random() * 300);
        }
      }
    }),
  );
}

process.on('message', (message) => {
  if (message === 'stop') isStopped = true;
  else
    void run(message).then((result) => {
      process.send(result, () => process.exit());
    });
});
process.on('disconnect', () => process.exit());
