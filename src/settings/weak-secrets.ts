import type { Settings } from './settings.js';

/** The settings that are secrets, each with its variable. */
const SECRETS = {
  administratorPassword: 'ADMIN_PASSWORD',
  jwtSecret: 'JWT_SECRET',
  keyEncryptionSecret: 'KEY_ENCRYPTION_SECRET',
} as const;

/** Fewer different characters than this are a warning. 16 random hexadecimal digits have fewer once in 100,000 times. */
const FEWEST_CHARACTERS = 5;

/** What texts that stand for a secret in examples contain, in lower case and without what is no letter. */
const PLACEHOLDERS =
  /change(?:me|this|it)|replace(?:me|this|with)|placeholder|(?:your|my|super|top|jwt)secret|yourpassword|example|insecure|donotuse|dontuse|keyboardcat|devicehive|qwerty|abcdefgh/;
/** The same for digits. */
const COUNTED = /012345678|123456789|987654321/;

/** What a secret without {@link hasControlCharacter} is, for error messages. */
export const NO_CONTROL_CHARACTERS = 'no line ends, tabs or other control characters';

/** Whether a secret contains a control character. It came along from a file or a form: nobody has meant it. */
export const hasControlCharacter = (secret: string): boolean => /\p{Cc}/u.test(secret);

/** Whether a secret is one character, again and again. */
export const isOneCharacter = (secret: string): boolean => new Set(secret).size === 1;

/** Returns warnings about the settings: what is accepted, but unwise. One line each, which shows no value. */
export function warningsOf(settings: Settings): readonly string[] {
  return [
    ...settings.warnings,
    ...Object.entries(SECRETS).flatMap(([name, variable]) => {
      const secret = settings[name as keyof typeof SECRETS];
      const weakness = secret === undefined ? undefined : weaknessOf(secret);
      return weakness === undefined ? [] : [`${variable} is weak: it ${weakness}`];
    }),
    ...settings.webhookSecrets
      .map((secret) => weaknessOf(secret.replace(/^whsec_|=+$/g, '')))
      .filter((weakness) => weakness !== undefined)
      .map((weakness) => `WEBHOOK_SECRET is weak: it ${weakness}`),
  ];
}

/** Returns why a secret is easy to find, or is not what the operator has meant. */
function weaknessOf(secret: string): string | undefined {
  if (hasControlCharacter(secret)) return 'contains a line end, a tab or another control character';
  if (secret !== secret.trim()) return 'begins or ends with a space';
  if (new Set(secret).size < FEWEST_CHARACTERS) return 'has few different characters';
  if (isRepeated(secret)) return 'repeats a shorter text';
  const letters = secret.toLowerCase().replace(/[^a-z]/g, '');
  if (PLACEHOLDERS.test(letters) || COUNTED.test(secret)) return 'contains a text that many use';
  return undefined;
}

/** Whether a text is a shorter one, at least twice; the last time may be cut short. */
function isRepeated(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period += 1)
    if (text.startsWith(text.slice(period))) return true;
  return false;
}
