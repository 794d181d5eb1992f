import { appendFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/**
 * Ends the run with one plain line: how many passed, failed and were skipped. Where `TOTALS_FILE` names a file, the
 * three numbers are appended to it as a line, so that .ci/run can add up its runs.
 */
export default class TotalsReporter implements Reporter {
  private readonly counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };

  onTestCaseResult(testCase: TestCase): void {
    this.counts[testCase.result().state] += 1;
  }

  onTestRunEnd(
    modules: readonly { state(): string; errors(): readonly unknown[] }[],
    errors: readonly unknown[],
  ): void {
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
