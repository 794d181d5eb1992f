import { requestErrors } from '../errors/request.errors.js';
import type { OperationDoc } from '../openapi/operation.decorator.js';
import { RevocationsView } from './revocation.view.js';

/** OpenAPI documentation of the operation in revocations.controller.ts. */
export const read: OperationDoc = {
  id: 'readRevocations',
  summary: 'Read revocations',
  description:
    'For services that verify tokens themselves: sessions that have been revoked or narrowed and have access tokens ' +
    'that have not expired. To follow them, ask again with the last `cursor` as `after`. An entry may come twice, ' +
    'none is left out. A response has at most some thousand entries: ask again at once until both lists are empty. ' +
    'With `Accept: text/event-stream` it is a stream: each message has the cursor as its `id` and such an object as ' +
    'its `data`; the first one comes at once. `Last-Event-ID` takes precedence over `after`.',
  success: { description: 'What is new.', type: RevocationsView, stream: true },
  errors: [
    requestErrors.invalidParameters([{ field: 'after', message: 'after must be a cursor that was given' }]),
    requestErrors.cursorGone(),
    requestErrors.tooManyRequests(1),
  ],
};
