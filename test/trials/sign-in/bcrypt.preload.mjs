// Loaded into the service before it starts (`NODE_OPTIONS=--import`), and so into its threads: tells which stored hashes
// passwords are really compared with, and makes one password take longer on purpose. The comparison itself goes on.
import { appendFileSync } from 'node:fs';
import bcrypt from 'bcrypt';

const { COMPARISONS, SLOW_PASSWORD, SLOW_MICROSECONDS = '0' } = process.env;
/** What the service compares with when there is nothing to compare with. */
const DECOY = /\.{31}$/;

const { compareSync } = bcrypt;
bcrypt.compareSync = (password, hash) => {
  // Before it is compared, so that it is known also of a comparison that does not end.
  if (COMPARISONS && !DECOY.test(hash)) appendFileSync(COMPARISONS, `${hash}\n`);
  if (SLOW_PASSWORD && password.toString() === SLOW_PASSWORD) {
    const until = performance.now() + Number(SLOW_MICROSECONDS) / 1000;
    while (performance.now() < until);
  }
  return compareSync(password, hash);
};
