import type { ValueTransformer } from 'typeorm';

/** A moment, kept as milliseconds since 1970 in UTC: the same in every database and every time zone. */
export const timestamp: ValueTransformer = {
  to: (value: Date | null | undefined) => value?.getTime() ?? value,
  from: (value: number | null) => (value === null ? null : new Date(value)),
};
