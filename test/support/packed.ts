import { existsSync, readdirSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

/** What `npm run build` makes. */
const BUILT = resolve('dist');
/** The same with all that it imports, in a few files. A build deletes it. */
const PACKED = join(BUILT, 'packed');
const ENTRIES = ['main', 'commands/keys', 'commands/backup', 'commands/restore'];
/** Packages that tests reach into, that are not JavaScript alone, or that look for files of theirs. */
const LEFT_ALONE =
  /^(?:pg|better-sqlite3(?:-node20)?|bcrypt|piscina|pino|swagger-ui-dist|@fastify\/static)(?:$|\/)/;

/**
 * A part of the built service to start: `main`, `commands/keys`.
 *
 * Of the time that a start takes, Node spends most on finding and compiling the two thousand modules of the packages,
 * and a run starts some two hundred processes. So they start a packed copy; the whole run (`npm run prove`) starts what
 * is shipped.
 */
export function executable(name: string): string {
  const file = join(process.env['PROVE'] === 'whole' ? BUILT : PACKED, `${name}.js`);
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  return file;
}

/** Packs what is built, unless it is packed already: before the first test that starts a process. */
export default async function pack(): Promise<void> {
  // Only those that start a process miss it.
  if (!existsSync(join(BUILT, 'main.js'))) return;
  if (timeOf(PACKED) > Math.max(timeOf(BUILT), timeOf('package-lock.json'))) return;
  const bundle = await rolldown({
    input: Object.fromEntries(ENTRIES.map((name) => [name, join(BUILT, `${name}.js`)])),
    platform: 'node',
    external: LEFT_ALONE,
    // CommonJS that chooses its parts while it runs cannot be packed.
    resolve: { mainFields: ['module', 'main'] },
    plugins: [placesOfFiles],
    // Optional packages that are not there.
    onLog: () => undefined,
  });
  const directory = `${PACKED}-${process.pid}`;
  await bundle.write({ dir: directory, format: 'esm', keepNames: true });
  await bundle.close();
  await rm(PACKED, { recursive: true, force: true });
  await rename(directory, PACKED);
}

/** Every module goes on to know itself by the place it was packed from. */
const placesOfFiles: Plugin = {
  name: 'places-of-files',
  transform: (code, id) => {
    if (!/\bimport\.meta\.url\b|\b__dirname\b|\b__filename\b/.test(code)) return;
    return code
      .replaceAll(/\bimport\.meta\.url\b/g, JSON.stringify(pathToFileURL(id).href))
      .replaceAll(/\b__dirname\b/g, JSON.stringify(dirname(id)))
      .replaceAll(/\b__filename\b/g, JSON.stringify(id));
  },
};

/** When a file, or the newest in a directory, was changed; what is packed does not count as built. */
function timeOf(path: string): number {
  if (!existsSync(path)) return -Infinity;
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  const inside = readdirSync(path).filter((name) => path !== BUILT || !name.startsWith('packed'));
  return Math.max(...inside.map((name) => timeOf(join(path, name))));
}
