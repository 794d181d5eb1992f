/**
 * Serializes an error for the log: only its name, message, code, stack and causes. Database errors also contain the
 * parameters of the statement, which may be password hashes.
 */
export function serializeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    name,
    message: withoutQuery(message),
    ...(typeof code === 'string' && { code }),
    ...(stack !== undefined && { stack: withoutQuery(stack) }),
    ...(cause !== undefined && { cause: serializeError(cause) }),
  };
}

/** Some messages of Fastify contain the request target with its query. */
const withoutQuery = (text: string) => text.replaceAll(/(\/[^\s"?]*)\?[^\s"]*/g, '$1');
