// Loaded into the service before it starts (`NODE_OPTIONS=--import`): its clock is ahead by the milliseconds that are
// written in a file. Timers are not moved.
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const { CLOCK_AHEAD } = process.env;
const RealDate = Date;
const realNow = RealDate.now;
let ahead = 0;

function read() {
  const text = readFileSync(CLOCK_AHEAD, 'utf8');
  // Empty while it is being written.
  if (text !== '') ahead = Number(text);
}

if (CLOCK_AHEAD) {
  read();
  setInterval(read, 10).unref();
  const now = () => realNow() + ahead;
  RealDate.now = now;
  // Code that asks for `new Date()` gets the moved time, too.
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [now()] : parameters, newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = globalThis.Date;
}
