import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Runs before all projects: on each database it takes several times as long as any other file. */
const LONGEST_OF_ALL = '/test/e2e/contract.test.ts';

const E2E = [
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
 * The order of the projects, and in each the files that take longest, longest first, so that no worker is left with one
 * of them at the end. Vitest knows how long a file takes only from an earlier run, and in CI there is none.
 */
const LONGEST: Readonly<Record<string, readonly string[]>> = {
  prove: [
    'operations/keys-and-backups',
    'fairness/turns',
    'fairness/aimed-lockout',
    'sign-in/lockout',
    'load/floods',
    'load/disk',
    'access',
    'fairness/bodies',
    'load/waits',
    'writes',
    'atomicity/statements',
    'secrets',
    'sign-in/enumeration',
    'atomicity/kill',
    'fuzz/fuzz',
  ],
  clients: [],
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
      if (moduleId.endsWith(LONGEST_OF_ALL)) return -1;
      const longest = LONGEST[project.name] ?? [];
      const index = longest.findIndex(
        (name) => moduleId.endsWith(`/${name}.test.ts`) || moduleId.endsWith(`/${name}.spec.ts`),
      );
      return projects.indexOf(project.name) * 1000 + (index < 0 ? longest.length : index);
    };
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}
