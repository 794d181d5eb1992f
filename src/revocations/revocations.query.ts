import { QueryInteger, QueryText } from '../pagination/page.query.js';
import { LONGEST_CURSOR } from './cursor.js';

/** Longest wait of a poll, in seconds: less than the timeout of a response. */
const LONGEST_WAIT = 30;

/** The query of `GET /revocation` (contract.md §5). */
export class RevocationsQuery {
  @QueryText('The `cursor` of the last response. Absent: from the beginning.', LONGEST_CURSOR)
  after?: string;

  @QueryInteger(
    'How many seconds to wait if there is nothing new. Without effect on a stream.',
    0,
    LONGEST_WAIT,
    0,
  )
  wait = 0;
}
