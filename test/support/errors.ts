import { expect } from 'vitest';
import type { Answer } from './client.js';

/** What an error is expected to be. */
export interface ExpectedError {
  readonly status: number;
  /** The text, or what it is like. */
  readonly message?: string | RegExp | undefined;
  /** The fields at fault, in whatever order. Without it the error must name none. */
  readonly fields?: readonly string[] | undefined;
}

/** Expects an error in the one form that errors have, with nothing else in it (contract.md §6). */
export function expectError(answer: Answer, { status, message, fields }: ExpectedError): void {
  expect({ status: answer.status, body: answer.body }).toEqual({
    status,
    body: {
      error: status,
      message: typeof message === 'string' ? message : expect.stringMatching(message ?? /./),
      ...(fields && {
        details: expect.arrayContaining(
          fields.map((field) => ({ field, message: expect.stringMatching(/./) })),
        ),
      }),
    },
  });
  if (fields) expect(answer.body.details).toHaveLength(fields.length);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json(?:;|$)/);
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w.:-]{1,128}$/);
  if (status === 401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer(?: error="invalid_token")?$/);
  else expect(answer.headers.get('www-authenticate')).toBeNull();
}

/** Expects a command, or a start, to have ended with exit code 1 and one line for the operator, without a stack. */
export function expectFailure(
  { code, stderr }: { readonly code: number | null; readonly stderr: string },
  line: RegExp,
): void {
  expect({ code, lines: stderr.trimEnd().split('\n') }).toEqual({
    code: 1,
    lines: [expect.stringMatching(line)],
  });
}
