// Loaded into the service before it starts (`NODE_OPTIONS=--import`): writes to standard error, after each SIGUSR2, the
// longest time since the last one for which the event loop was held, in milliseconds.
import { setImmediate } from 'node:timers';

let last = performance.now();
let longest = 0;

function tick() {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
  setImmediate(tick);
}

process.on('SIGUSR2', () => {
  process.stderr.write(`held ${longest.toFixed(1)} ms\n`);
  longest = 0;
});
setImmediate(tick);
