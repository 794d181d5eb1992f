import type { ValueTransformer } from 'typeorm';

/** Stores a date as milliseconds since 1970 in UTC, independent of the database and the time zone. */
export const timestamp: ValueTransformer = {
  to: (value: Date | null | undefined) => value?.getTime() ?? value,
  from: (value: number | null) => (value === null ? null : new Date(value)),
};
