import type { Reporter, TestCase } from 'vitest/node';

/** Ends the run with one plain line: how many passed, failed and were skipped. */
export default class TotalsReporter implements Reporter {
  private readonly counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  private broken = 0;

  onTestCaseResult(testCase: TestCase): void {
    this.counts[testCase.result().state] += 1;
  }

  onTestRunEnd(
    modules: readonly { state(): string; errors(): readonly unknown[] }[],
    errors: readonly unknown[],
  ): void {
    this.broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const { passed, failed, skipped, pending } = this.counts;
    const left = skipped + pending > 0 ? `, ${skipped + pending} skipped` : '';
    process.stdout.write(`\n${passed} passed, ${failed + this.broken} failed${left}\n`);
  }
}
