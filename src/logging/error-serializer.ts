/**
 * An error as it is logged: only its name, message, code, stack and causes. An error of the database also carries the
 * parameters of its statement, and so password hashes.
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

/** Fastify puts the target of a request into some messages, and its query with it. */
const withoutQuery = (text: string) => text.replaceAll(/(\/[^\s"?]*)\?[^\s"]*/g, '$1');
