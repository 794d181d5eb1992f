import { measureHotPath } from './hot-path.mjs';
const names = process.argv.slice(2);
await measureHotPath({ names: names.length > 0 ? names : undefined, rounds: 3, seconds: 3 });
