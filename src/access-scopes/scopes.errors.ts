import { forbidden, notFound } from '../errors/api-error.js';

/** The errors of requests for networks and device types (contract.md §4). `label` is the name of the kind. */
export const scopeErrors = {
  notFound: (label: string, id: number) => notFound(`${label} with id = ${id} not found`),
  nameTaken: (label: string) =>
    forbidden(`${label} cannot be created. ${label} with such name already exists`),
};
