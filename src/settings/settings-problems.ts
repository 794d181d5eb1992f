import { SettingsError } from './settings.js';

/** What is wrong or unwise with the settings: lines for the operator, which name a variable and never show a value. */
export class SettingsProblems {
  private readonly refusals = new Map<string, string>();
  private readonly warned: string[] = [];

  /** What is accepted, but unwise. */
  get warnings(): readonly string[] {
    return this.warned;
  }

  /** Adds a line to the warnings. */
  warn(line: string): void {
    this.warned.push(line);
  }

  /** Refuses a variable. Only the first line of each counts: later checks may follow from the same fault. */
  refuse(variable: string, line: string): void {
    if (!this.refusals.has(variable)) this.refusals.set(variable, line);
  }

  /** Whether a variable has been refused. */
  isRefused(variable: string): boolean {
    return this.refusals.has(variable);
  }

  /** Runs a check that throws a {@link SettingsError}, and refuses the variable if it does. */
  attempt(variable: string, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      this.refuse(variable, error.message);
    }
  }

  /** @throws {SettingsError} with all that has been refused */
  throwIfRefused(): void {
    if (this.refusals.size > 0) throw new SettingsError([...this.refusals.values()].join('\n'));
  }
}
