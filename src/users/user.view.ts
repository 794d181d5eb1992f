import { viewClass, viewOf } from '../fields/view.js';
import { USER_FIELDS } from './user.fields.js';

/** View *listed*. */
export class ListedUser extends viewClass(USER_FIELDS, 'listed') {}
/** View *published*. */
export class PublishedUser extends viewClass(USER_FIELDS, 'published') {}
/** View *submitted*. */
export class SubmittedUser extends viewClass(USER_FIELDS, 'submitted') {}

/** A user in view *listed*. */
export const toListed = viewOf(USER_FIELDS, 'listed');
/** A user in view *published*; its `networks` are passed beside it. */
export const toPublished = viewOf(USER_FIELDS, 'published');
/** A user in view *submitted*. */
export const toSubmitted = viewOf(USER_FIELDS, 'submitted');
