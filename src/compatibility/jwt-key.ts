/**
 * Derives the key that `JWT_SECRET` stands for, as the original's library does (contract.md §9).
 *
 * @throws {SettingsError} when the secret is not acceptable
 */
export const deriveKey = (secret: string): Buffer => Buffer.from(secret);
