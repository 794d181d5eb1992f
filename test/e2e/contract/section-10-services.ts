import type { Sentence } from './sentence.js';

const TOKENS = ['test/e2e/tokens-command.test.ts', 'src/commands/create-token.spec.ts'];

/** Tokens for services. No request can hold what a command does: its suites run it. */
export const services: readonly Sentence[] = [
  { says: '- `hivegate tokens create --user LOGIN', heldBy: TOKENS },
  { says: 'It is shown once, and listed and revoked', heldBy: TOKENS },
];
