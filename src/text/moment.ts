/** ISO 8601 date and time. Without a time zone, it is UTC. */
const MOMENT =
  /^(?<date>\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?<zone>Z|[+-]\d{2}:?\d{2})?$/;

/** Parses a moment of ISO 8601: without a zone it is in UTC. Returns undefined when it is none. */
export function parseMoment(text: string): Date | undefined {
  const match = MOMENT.exec(text);
  const moment = match ? new Date(match.groups?.['zone'] ? text : `${text}Z`) : undefined;
  const isThere = moment !== undefined && !Number.isNaN(moment.getTime()) && isDate(match?.groups?.['date']);
  return isThere ? moment : undefined;
}

/** Whether a month has that day. `Date` would roll over to the next month. */
function isDate(date = ''): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
