import { QueryChoice, QueryInteger, QueryText } from '../../pagination/page.query.js';

/** Maximum and default number of sessions in a page. */
const PAGE_MAX = 1000;
const PAGE_DEFAULT = 100;

const CREATED_FOR = '`others`: instead, the sessions that the user has created for other users.';

/** The query of `GET /user/{id}/session` (contract.md §5). */
export class ListSessionsQuery {
  @QueryInteger('How many at most.', 1, PAGE_MAX, PAGE_DEFAULT)
  take: number = PAGE_DEFAULT;

  @QueryText('The id of a session: the page begins behind it.')
  after?: string;

  @QueryChoice(CREATED_FOR, ['others'])
  createdFor?: 'others';
}

/** The query of `DELETE /user/{id}/session`. */
export class EndSessionsQuery {
  @QueryChoice('`current`: not the session of the caller, nor those that it descends from.', ['current'])
  except?: 'current';

  @QueryChoice(CREATED_FOR, ['others'])
  createdFor?: 'others';
}
