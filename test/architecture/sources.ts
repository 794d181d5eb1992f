import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

/** Where the code is. */
const ROOT = resolve(import.meta.dirname, '../../src');

/** A file of the code, specs aside. */
export interface Source {
  /** From `src`, with `/`: `users/users.service.ts`. */
  readonly path: string;
  readonly text: string;
  /** The files of `src` that it imports, type imports included. */
  readonly imports: readonly string[];
  readonly syntax: ts.SourceFile;
}

/** Every file of `src`. */
export const SOURCES: readonly Source[] = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const from = relative(ROOT, join(ROOT, path)).split(sep).join('/');
    return {
      path: from,
      text,
      imports: ts
        .preProcessFile(text)
        .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
        .map(({ fileName }) => posix.join(posix.dirname(from), fileName).replace(/\.js$/, '.ts')),
      syntax: ts.createSourceFile(from, text, ts.ScriptTarget.Latest, true),
    };
  })
  .sort((a, b) => a.path.localeCompare(b.path));
