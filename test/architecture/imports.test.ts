import { describe, expect, it } from 'vitest';
import { SOURCES } from './sources.js';

/**
 * The house, from the ground up (docs/architecture.md). A file imports from its own module and from the floors
 * below; those on one floor know nothing of each other, save on the ground.
 */
const FLOORS = [
  ['version', 'common', 'config', 'openapi'],
  ['database'],
  ['access', 'backup'],
  ['audit', 'passwords'],
  ['scopes', 'configuration'],
  ['networks', 'device-types'],
  ['users'],
  ['assignments'],
  ['auth'],
  ['info', 'health'],
  ['app.schema'],
  ['app.module', 'cli'],
  ['app.setup'],
  ['main'],
] as const satisfies readonly (readonly string[])[];

/** The module of a file: its folder, or for a file at the top its name. */
const moduleOf = (path: string) => path.replace(/(?:\/.*|\.ts)$/, '');
const floorOf = (module: string) =>
  FLOORS.findIndex((floor) => (floor as readonly string[]).includes(module));

describe('the modules', () => {
  it('each have a floor', () => {
    const modules = new Set(SOURCES.map(({ path }) => moduleOf(path)));
    expect([...modules].filter((module) => floorOf(module) < 0)).toEqual([]);
  });

  it('import downwards only', () => {
    const upwards = SOURCES.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => {
          const [from, to] = [moduleOf(path), moduleOf(imported)];
          const isGround = floorOf(from) === 0 && floorOf(to) === 0;
          return from !== to && !isGround && floorOf(to) >= floorOf(from);
        })
        .map((imported) => `${path} imports ${imported}`),
    );
    expect(upwards).toEqual([]);
  });

  it('import files that there are', () => {
    const paths = new Set(SOURCES.map(({ path }) => path));
    expect(SOURCES.flatMap(({ imports }) => imports).filter((path) => !paths.has(path))).toEqual([]);
  });

  it('have no cycle of files', () => {
    expect(findCycle()).toBeUndefined();
  });

  it('have no barrels and no forward references', () => {
    const paths = SOURCES.map(({ path }) => path);
    expect(paths.filter((path) => /(?:^|\/)index\.ts$/.test(path))).toEqual([]);
    expect(SOURCES.filter(({ text }) => text.includes('forwardRef')).map(({ path }) => path)).toEqual([]);
  });
});

/** A way from a file back to itself, type imports included. */
function findCycle(): string | undefined {
  const importsOf = new Map(SOURCES.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path].join(' → ');
    if (done.has(path)) return undefined;
    for (const imported of importsOf.get(path) ?? []) {
      const cycle = visit(imported, [...trail, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of SOURCES) {
    const cycle = visit(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
