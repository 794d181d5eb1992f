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

/** A timestamp of RFC 3339: `date-time` in JSON Schema. */
const TIMESTAMP =
  /^(?<minute>\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}):(?<second>\d{2})(?<fraction>\.\d+)?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
/** Digits of a fraction that are read, with the point. */
const FRACTION = 10;

/** Parses a timestamp of RFC 3339, which has a time zone. Returns undefined when it is none. */
export function parseTimestamp(text: string): Date | undefined {
  const { minute, second, fraction = '', zone } = TIMESTAMP.exec(text)?.groups ?? {};
  const isLeapSecond = second === '60';
  const rest = `${isLeapSecond ? '59' : second}${fraction.slice(0, FRACTION)}${zone}`;
  const moment = parseMoment(`${minute}:${rest}`.toUpperCase());
  if (!isLeapSecond || !moment) return moment;
  // `Date` has no leap seconds: the last second of a day, in UTC, is the first one of the next.
  return moment.toISOString().includes('T23:59:') ? new Date(moment.getTime() + 1000) : undefined;
}

/** Whether a month has that day. `Date` would roll over to the next month. */
function isDate(date = ''): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
