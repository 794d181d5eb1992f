import { existsSync, readdirSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

/** Where `npm run build` writes. */
const BUILT = resolve('dist');
/** The same code and its packages, bundled into a few files. `npm run build` deletes it. */
const PACKED = join(BUILT, 'packed');
/** The program `hivegate`. */
const PROGRAM = 'main.js';
/**
 * Not bundled: packages that tests patch, that are native, or that load files of their own; and class-transformer, whose
 * metadata `PickType` would look for in another copy of it.
 */
const LEFT_ALONE =
  /^(?:pg|better-sqlite3(?:-node20)?|bcrypt|piscina|pino|swagger-ui-dist|@fastify\/static|class-transformer)(?:$|\/)/;

/**
 * The path of the program `hivegate`.
 *
 * Node spends most of a start on finding and compiling the modules of the packages, and a run starts far more than a
 * hundred processes. So tests start a bundled copy. `npm run prove` starts the files that are shipped.
 */
export function executable(): string {
  const file = join(process.env['PROVE'] === 'whole' ? BUILT : PACKED, PROGRAM);
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run build`);
  return file;
}

/** Global set-up: bundles the build, unless the bundle is newer. */
export default async function pack(): Promise<void> {
  // Tests that start no process run without a build.
  if (!existsSync(join(BUILT, PROGRAM))) return;
  if (timeOf(PACKED) > Math.max(timeOf(BUILT), timeOf('package-lock.json'))) return;
  const bundle = await rolldown({
    input: join(BUILT, PROGRAM),
    platform: 'node',
    external: LEFT_ALONE,
    // Prefer ES modules: a UMD file hides its imports from the bundler.
    resolve: { mainFields: ['module', 'main'] },
    plugins: [placesOfFiles],
    // It warns of optional packages that are not installed.
    onLog: () => undefined,
  });
  const directory = `${PACKED}-${process.pid}`;
  await bundle.write({ dir: directory, format: 'esm', keepNames: true });
  await bundle.close();
  await rm(PACKED, { recursive: true, force: true });
  await rename(directory, PACKED);
}

/** Modules keep the path of the file that they were bundled from, and find files beside it. */
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

/** When a file, or the newest file in a directory, was changed. The bundle does not count as part of the build. */
function timeOf(path: string): number {
  if (!existsSync(path)) return -Infinity;
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  const inside = readdirSync(path).filter((name) => path !== BUILT || !name.startsWith('packed'));
  return Math.max(...inside.map((name) => timeOf(join(path, name))));
}
