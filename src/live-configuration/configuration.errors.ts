import { notFound } from '../errors/api-error.js';

/** The errors of requests for configuration (contract.md §4). */
export const configurationErrors = {
  notFound: (name: string) => notFound(`Requested config with name = ${name} not found in the database`),
};
