import { posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { SOURCES } from './sources.js';

/**
 * The layers, from the ground up (docs/architecture.md). A file imports from its own module and from the layers
 * below; modules of one layer do not import each other.
 */
const LAYERS = [
  ['telemetry'],
  ['version', 'errors', 'progress', 'text', 'turns'],
  ['settings', 'files'],
  ['dialect'],
  ['logging', 'openapi'],
  ['tracing'],
  ['http'],
  ['database'],
  ['pagination'],
  ['authorization', 'backup', 'fields', 'rate-limits'],
  ['events', 'passwords', 'revocations'],
  ['live-configuration', 'access-scopes', 'sessions'],
  ['users'],
  ['scope-assignments', 'authentication'],
  ['info', 'health', 'import'],
  ['metrics'],
  ['compatibility'],
  ['app.schema'],
  ['app.module'],
  ['create-app'],
  ['commands'],
  ['main'],
] as const satisfies readonly (readonly string[])[];

/** The module of a file: its folder, or for a file at the top its name. */
const moduleOf = (path: string) => path.replace(/(?:\/.*|\.ts)$/, '');
const layerOf = (module: string) =>
  LAYERS.findIndex((layer) => (layer as readonly string[]).includes(module));

describe('the modules', () => {
  it('each have a layer', () => {
    const modules = new Set(SOURCES.map(({ path }) => moduleOf(path)));
    expect([...modules].filter((module) => layerOf(module) < 0)).toEqual([]);
  });

  it('import downwards only', () => {
    const upwards = SOURCES.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => {
          const [from, to] = [moduleOf(path), moduleOf(imported)];
          return from !== to && layerOf(to) >= layerOf(from);
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

  it('of a command are loaded when it runs: the program itself needs no package and no settings', () => {
    const loaded = staticImports('main.ts');
    expect([...loaded].filter((path) => !/^(?:main|commands\/[\w-]+)\.ts$|^node:/.test(path))).toEqual([]);
    const commands = [
      'serve',
      'users',
      'create-user',
      'keys',
      'backup',
      'restore',
      'events',
      'migrate',
      'doctor/doctor',
    ];
    for (const command of commands) {
      expect(SOURCES.map(({ path }) => path)).toContain(`commands/${command}.ts`);
      expect(loaded).not.toContain(`commands/${command}.ts`);
    }
  });

  it('have no barrels and no forward references', () => {
    const paths = SOURCES.map(({ path }) => path);
    expect(paths.filter((path) => /(?:^|\/)index\.ts$/.test(path))).toEqual([]);
    expect(SOURCES.filter(({ text }) => text.includes('forwardRef')).map(({ path }) => path)).toEqual([]);
  });
});

/** What a file loads when it is loaded itself: packages and files, not those that it imports dynamically or as types. */
function staticImports(path: string, found = new Set<string>()): Set<string> {
  found.add(path);
  const source = SOURCES.find((each) => each.path === path);
  for (const node of source?.syntax.statements ?? []) {
    if (!ts.isImportDeclaration(node) || node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
      continue;
    const { text: name } = node.moduleSpecifier as ts.StringLiteral;
    const imported = name.startsWith('.')
      ? posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts')
      : name;
    if (!found.has(imported)) staticImports(imported, found);
  }
  return found;
}

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
