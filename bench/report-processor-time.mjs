/**
 * Preloaded into a service with `node --import`: sends the processor time of its process whenever the bench sends it a
 * message. It needs no change of the service and no /proc. `process.cpuUsage` covers all threads, those that hash
 * passwords included, in microseconds.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send) {
  process.on('message', () => process.send(process.cpuUsage()));
  // The channel must not keep the process running.
  process.channel.unref();
}
