/** What the doctor says of one thing. */
export interface Diagnosis {
  /** `error`: it does not work, or is open to others. `warning`: it works, and is unwise. */
  readonly level: 'error' | 'warning' | 'ok';
  /** One line. Never a secret. */
  readonly message: string;
}

/** It does not work, or is open to others. */
export const error = (message: string): Diagnosis => ({ level: 'error', message });
/** It works, and is unwise. */
export const warning = (message: string): Diagnosis => ({ level: 'warning', message });
/** It is as it should be. */
export const ok = (message: string): Diagnosis => ({ level: 'ok', message });

/** Says that all is well, where a check has found nothing. */
export const orOk = (diagnoses: readonly Diagnosis[], message: string): readonly Diagnosis[] =>
  diagnoses.length === 0 ? [ok(message)] : diagnoses;
