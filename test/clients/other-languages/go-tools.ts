import { isAtLeast, runQuietTool, versionOf } from './tools.js';

/** What this machine lacks to build Go; undefined: nothing. */
export function missingGo(): string | undefined {
  const version = versionOf('go', 'version');
  if (version === undefined) return 'no Go';
  // From 1.21 on, Go fetches the version that go.mod asks for.
  return isAtLeast(version, /go(\d+)\.(\d+)/, 1, 21) ? undefined : `Go is older than 1.21: ${version}`;
}

/**
 * Runs the command `go` in a directory. `notices`: as for `runQuietTool`.
 *
 * @throws {Error} if it fails or warns, with what it wrote
 */
export async function go(
  cwd: string,
  parameters: readonly string[],
  notices: readonly RegExp[] = [],
): Promise<void> {
  // Modules that are fetched for the first time are named.
  await runQuietTool(['go', ...parameters], { cwd, notices: [/^go: downloading /, ...notices] });
}
