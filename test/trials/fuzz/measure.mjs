/** Loaded into the service beside its own code: on SIGUSR2 it tells, after a collection of garbage, what is still held. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    collect();
    setTimeout(() => {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      const figures = { heap: heapUsed + external, resources: process.getActiveResourcesInfo().length };
      process.stderr.write(`measured ${JSON.stringify(figures)}\n`);
    }, 50);
  });
}
