import { forbidden, notFound } from '../errors/api-error.js';

/** What requests for networks and device types are refused with; `label` names the kind (contract.md §4). */
export const scopeErrors = {
  notFound: (label: string, id: number) => notFound(`${label} with id = ${id} not found`),
  nameTaken: (label: string) =>
    forbidden(`${label} cannot be created. ${label} with such name already exists`),
};
