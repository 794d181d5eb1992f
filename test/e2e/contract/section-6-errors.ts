import { expect } from 'vitest';
import { type Sentence, step } from './sentence.js';

const DETAILS = {
  error: 400,
  message: expect.any(String),
  details: [{ field: expect.any(String), message: expect.any(String) }],
};
const json = { 'content-type': 'application/json' };

export const errors: readonly Sentence[] = [
  {
    says: '| 400 | malformed JSON, wrong type',
    cases: [
      [step('admin', 'PUT /user/{own}', { send: '{"data":', headers: json, status: 400 })],
      [step('admin', 'PUT /user/{own}', { send: { introReviewed: 'yes' }, status: 400, body: DETAILS })],
      [step('admin', 'PUT /user/{own}', { send: { role: 9 }, status: 400, body: DETAILS })],
      [step('admin', 'PUT /user/{own}', { send: { shoeSize: 9 }, status: 400, body: DETAILS })],
      [
        step('admin', 'GET /user?shoeSize=9', {
          status: 400,
          body: { ...DETAILS, message: 'Invalid request parameters' },
        }),
      ],
      [
        step('admin', 'GET /user?sortField=x', {
          status: 400,
          body: { ...DETAILS, message: 'Invalid request parameters' },
        }),
      ],
      [step('admin', 'GET /user/x', { status: 400, body: DETAILS })],
    ],
    heldBy: ['test/e2e/http.test.ts'],
  },
  { says: '| 401, 403, 404 | as above |', cases: [[step('anyone', 'GET /nowhere', { status: 404 })]] },
  {
    says: '| 405 with `Allow` | a known path, another method |',
    cases: [
      [step('anyone', 'DELETE /user', { status: 405, carries: { allow: /GET.*POST/ } })],
      [step('admin', 'PATCH /user/{own}', { status: 405, carries: { allow: /GET.*PUT.*DELETE/ } })],
    ],
    heldBy: ['test/e2e/http.test.ts'],
  },
  {
    says: '| 412 | an `If-Match` that no longer holds |',
    cases: [[step('admin', 'PUT /user/{own}', { send: {}, headers: { 'if-match': '"0"' }, status: 412 })]],
  },
  {
    says: '| 413 · 415 | body over 1 MiB',
    cases: [
      [step('admin', 'PUT /user/{own}', { send: { data: { x: 'x'.repeat(1024 * 1024) } }, status: 413 })],
      [
        step('admin', 'PUT /user/{own}', {
          send: 'a=b',
          headers: { 'content-type': 'text/plain' },
          status: 415,
        }),
      ],
    ],
  },
  {
    says: '| 429 with `Retry-After` |',
    heldBy: ['test/e2e/rate-limits.test.ts', 'test/e2e/lockout.test.ts'],
  },
  {
    says: '| 503 with `Retry-After` |',
    heldBy: ['test/e2e/operation.test.ts', 'test/e2e/tokens.sign-in.test.ts'],
  },
  { says: '| 500 | never by input', heldBy: ['test/e2e/http.test.ts', 'test/e2e/operation.test.ts'] },
];
