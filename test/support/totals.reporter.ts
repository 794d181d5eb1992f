import { appendFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends the run with one plain line: how many passed, failed and were skipped. Where `TOTALS_FILE` names a file, the
 * three numbers are appended to it as a line, so that .ci/run can add up its runs. Where `FAILURES_FILE` names one, what
 * failed is appended to it, with the reason: the output of a run is long, and of CI often only its end is kept.
 */
export default class TotalsReporter implements Reporter {
  private readonly counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };

  onTestCaseResult(testCase: TestCase): void {
    const result = testCase.result();
    this.counts[result.state] += 1;
    if (result.state === 'failed') {
      const reason = result.errors.map(({ message }) => message).join('\n');
      tellFailure(
        `${testCase.project.name} · ${testCase.module.relativeModuleId} · ${testCase.fullName}`,
        reason,
      );
    }
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    for (const module of modules)
      for (const { message } of module.errors()) tellFailure(module.relativeModuleId, message);
    for (const { message } of errors) tellFailure('outside of the tests', message);
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const { passed, pending } = this.counts;
    const failed = this.counts.failed + broken;
    const skipped = this.counts.skipped + pending;
    process.stdout.write(
      `\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`,
    );
    const file = process.env['TOTALS_FILE'];
    if (file) appendFileSync(file, `${passed} ${failed} ${skipped}\n`);
  }
}

/** Appends a failure to `FAILURES_FILE`: what failed, then its reason, cut at a length that a person reads. */
function tellFailure(what: string, reason: string): void {
  const file = process.env['FAILURES_FILE'];
  if (file) appendFileSync(file, `${what}\n${reason.slice(0, 2_000).replace(/^/gm, '    ')}\n`);
}
