import { forbidden, notFound } from '../errors/api-error.js';

/** The errors of requests for users (contract.md §3). */
export const userErrors = {
  notFound: (id: number | bigint) => notFound(`User with id = ${id} not found`),
  loginTaken: () => forbidden('User with such login already exists. Please, select another one'),
  wrongOldPassword: () => forbidden('Invalid credentials'),
  lastAdministrator: () => forbidden('The last active administrator cannot be removed'),
  ownRecordDeleted: () =>
    forbidden('You can not delete a user or access key that you use to authenticate this request'),
};
