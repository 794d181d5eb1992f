import { notFound } from '../errors/api-error.js';

/** What requests for configuration are refused with (contract.md §4). */
export const configurationErrors = {
  notFound: (name: string) => notFound(`Requested config with name = ${name} not found in the database`),
};
