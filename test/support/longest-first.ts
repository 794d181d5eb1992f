import { BaseSequencer, type TestSpecification } from 'vitest/node';

const E2E = [
  'contract',
  'key-rotation',
  'start',
  'operation',
  'access-matrix',
  'lockout',
  'backup',
  'postgres',
  'rate-limits',
  'keys',
  'tokens',
  'users.concurrency',
  'scopes',
  'info',
];

/**
 * The order of the projects, and of each the files that take longest, the longest first: no worker is left alone with
 * one of them at the end. Vitest itself knows how long a file took only where it has run before, which CI never has.
 */
const LONGEST: Readonly<Record<string, readonly string[]>> = {
  prove: [
    'operations/keys-and-backups',
    'sign-in/lockout',
    'load/floods',
    'load/disk',
    'access',
    'load/waits',
    'writes',
    'atomicity/statements',
    'secrets',
    'sign-in/enumeration',
    'atomicity/kill',
    'fuzz/fuzz',
  ],
  browser: [],
  'e2e on postgres': E2E,
  'e2e on sqlite': E2E,
  unit: ['password-hasher', 'audit'],
};

/** Sorts by {@link LONGEST}. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = Object.keys(LONGEST);
    const placeOf = ({ project, moduleId }: TestSpecification) => {
      const longest = LONGEST[project.name] ?? [];
      const index = longest.findIndex(
        (name) => moduleId.endsWith(`/${name}.test.ts`) || moduleId.endsWith(`/${name}.spec.ts`),
      );
      return projects.indexOf(project.name) * 1000 + (index < 0 ? longest.length : index);
    };
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}
