import { QueryChoice, QueryInteger, QueryText, QueryTimestamp } from '../pagination/page.query.js';
import { EVENT_TYPE_SCHEMA, WIRE_TYPES } from './event-types.js';

/** Maximum page size, in events. */
const PAGE_MAX = 1000;
/** Default page size, in events. */
const PAGE_DEFAULT = 100;

/** The query of `GET /event` (contract.md §10). */
export class ListEventsQuery {
  @QueryInteger('The id of an event: the page begins behind it.', 0, Number.MAX_SAFE_INTEGER)
  after?: number;

  @QueryInteger('How many at most.', 1, PAGE_MAX, PAGE_DEFAULT)
  take: number = PAGE_DEFAULT;

  @QueryChoice('The `type`.', WIRE_TYPES, EVENT_TYPE_SCHEMA)
  type?: string;

  @QueryText('The `subject`, exactly.')
  subject?: string;

  @QueryInteger('The id of the user who made the change.', 1, Number.MAX_SAFE_INTEGER)
  actor?: number;

  @QueryTimestamp('The earliest `time`.')
  since?: Date;

  @QueryTimestamp('Only events before this `time`.')
  until?: Date;
}
