/** Maximum length of a password, in characters. */
export const PASSWORD_MAX_LENGTH = 128;
/**
 * The longest text that can be a form of a password, in UTF-16 units: no character decomposes into more than 4. What is
 * longer is not normalised: the time could grow with the square of its length.
 */
const LONGEST_FORM = PASSWORD_MAX_LENGTH * 4 * 2;
/** Texts that are the same in every normal form. */
const ASCII = /^[\0-\x7f]*$/;

const isSameInAllForms = (typed: string): boolean => typed.length > LONGEST_FORM || ASCII.test(typed);

/** Returns a password as its length, the blocklist and its hash see it: in NFC (contract.md §3). */
export const normalisePassword = (typed: string): string =>
  isSameInAllForms(typed) ? typed : typed.normalize('NFC');

/**
 * Returns the forms in which a password may have been hashed, each once: NFC first, then as it was typed, and NFD. How
 * many there are depends on the typed text alone.
 */
export function formsOfPassword(typed: string): readonly string[] {
  if (isSameInAllForms(typed)) return [typed];
  return [...new Set([typed.normalize('NFC'), typed, typed.normalize('NFD')])];
}
