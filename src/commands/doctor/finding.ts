/** What the doctor says of one thing. */
export interface Finding {
  /** `error`: it does not work, or is open to others. `warning`: it works, and is unwise. */
  readonly level: 'error' | 'warning' | 'ok';
  /** One line. Never a secret. */
  readonly message: string;
}

/** It does not work, or is open to others. */
export const error = (message: string): Finding => ({ level: 'error', message });
/** It works, and is unwise. */
export const warning = (message: string): Finding => ({ level: 'warning', message });
/** It is as it should be. */
export const ok = (message: string): Finding => ({ level: 'ok', message });

/** Says that all is well, where a check has found nothing. */
export const orOk = (findings: readonly Finding[], message: string): readonly Finding[] =>
  findings.length === 0 ? [ok(message)] : findings;
