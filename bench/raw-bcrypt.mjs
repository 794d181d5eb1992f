/** What bcrypt itself does: as many comparisons at once as there are cores, for some seconds. Prints how many a second. */
import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';

const [cost, seconds] = process.argv.slice(2).map(Number);
const hash = await bcrypt.hash('a password of the bench', cost);
const end = performance.now() + seconds * 1000;
let done = 0;
const began = performance.now();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    while (performance.now() < end) {
      await bcrypt.compare('a password of the bench', hash);
      done += 1;
    }
  }),
);
console.log(done / ((performance.now() - began) / 1000));
