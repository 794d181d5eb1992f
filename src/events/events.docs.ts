import { requestErrors } from '../errors/request.errors.js';
import type { OperationDoc } from '../openapi/operation.decorator.js';
import { EventView } from './event.view.js';

/** OpenAPI documentation of the operation in events.controller.ts. */
export const list: OperationDoc = {
  id: 'listEvents',
  summary: 'List events',
  description:
    'For administrators. Changes, sign-ins and failed sign-ins as CloudEvents, oldest first. To follow them, ask again ' +
    'with the last `id` as `after`: every event is seen exactly once, in the order of commits. An event never changes. ' +
    'Failed sign-ins, and updates of `data` by the user itself, are counted: the first of a period is an event at once, the others are ' +
    'one more at its end, with `count`. ' +
    'With `Accept: text/event-stream` it is a stream: each event is a message with its `id`, from `Last-Event-ID` (or ' +
    '`after`) on, and then each new one; `take` has no effect. ' +
    'The page after a full one is announced by a `Link` header with `rel="next"`.',
  success: {
    description: 'The events.',
    type: [EventView],
    stream: true,
    headers: {
      'X-Accel-Buffering': { description: 'Of a stream: no proxy must buffer it.', example: 'no' },
      Link: {
        description: 'The next page, after a full one.',
        example: '</event?take=100&after=1042>; rel="next"',
      },
    },
  },
  errors: [
    requestErrors.cursorGone(),
    requestErrors.tooManyRequests(1),
    requestErrors.invalidParameters([
      { field: 'since', message: 'since must be a timestamp such as 2026-01-31T12:00:00.000Z' },
    ]),
  ],
};
