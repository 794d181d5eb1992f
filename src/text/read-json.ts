/**
 * Reads a JSON object from a text, which may be anything. Its members are as they are in the text: they are not checked.
 *
 * @returns undefined where the text is not JSON, or another value than an object
 */
export function readObject<T extends object>(text: unknown): Partial<T> | undefined {
  const value = readJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** Reads a JSON value from a text, which may be anything. Undefined where it is not JSON. */
export function readJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
