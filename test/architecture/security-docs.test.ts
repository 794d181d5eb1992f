import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The requirements of the ASVS that titles of tests carry, as `6.3.8 test/e2e/lockout.test.ts`. */
function claimedByTests(): string[] {
  const files = ['src', 'test'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  );
  return files
    .filter((file) => /\.(?:spec|test)\.ts$/.test(file))
    .flatMap((file) =>
      [...read(file).matchAll(/\bASVS ((?:\d+\.\d+\.\d+(?:, )?)+)/g)]
        .flatMap(([, numbers = '']) => numbers.split(', ').filter((number) => number !== ''))
        .map((number) => `${number} ${file}`),
    );
}

/** Those that docs/security.md lists, in the same form. */
function listedInDocs(): string[] {
  const [, table = ''] = /<!-- asvs -->([^]*)<!-- \/asvs -->/.exec(read('docs/security.md')) ?? [];
  return [...table.matchAll(/^\| (\d+\.\d+\.\d+) +\|.*\|(.*)\|$/gm)].flatMap(([, number = '', files = '']) =>
    [...files.matchAll(/\(\.\.\/([^)]+)\)/g)].map(([, file = '']) => `${number} ${file}`),
  );
}

it('docs/security.md lists the requirements that tests hold, each with its tests, and no others', () => {
  expect(listedInDocs().sort()).toEqual([...new Set(claimedByTests())].sort());
});
