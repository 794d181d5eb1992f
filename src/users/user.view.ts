import { ApiSchema } from '@nestjs/swagger';
import { viewClass, viewOf } from '../fields/view.js';
import { USER_FIELDS } from './user.fields.js';

/** View *listed*. */
export class ListedUser extends viewClass(USER_FIELDS, 'listed') {}
/** View *published*. */
@ApiSchema({ name: 'User' })
export class PublishedUser extends viewClass(USER_FIELDS, 'published') {}
/** View *submitted*. */
@ApiSchema({ name: 'CreatedUser' })
export class SubmittedUser extends viewClass(USER_FIELDS, 'submitted') {}

/** Converts a user to view *listed*. */
export const toListed = viewOf(USER_FIELDS, 'listed');
/** Converts a user to view *published*. Its `networks` are passed separately. */
export const toPublished = viewOf(USER_FIELDS, 'published');
/** Converts a user to view *submitted*. */
export const toSubmitted = viewOf(USER_FIELDS, 'submitted');
