import { JsonText } from '../../text/json-text.js';
import type { FieldName } from './user-row.fields.js';

/* Cells of CSV as values of fields. What is not valid stays text, which the rule of the field refuses. */

const INTEGER = /^-?\d{1,16}$/;
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['t', true],
  ['1', true],
  ['false', false],
  ['f', false],
  ['0', false],
]);
/** What separates the ids of a list. */
const SEPARATOR = /[\s,;]+/;

const numberOf = (cell: string): unknown => (INTEGER.test(cell) ? Number(cell) : cell);

const flagOf = (cell: string): unknown => FLAGS.get(cell.toLowerCase()) ?? cell;

const listOf = (cell: string): unknown[] => cell.split(SEPARATOR).map(numberOf);

/** Returns the JSON object that a cell holds, as its text. */
function jsonOf(cell: string): unknown {
  const text = cell.trim();
  if (text === 'null') return null;
  try {
    JSON.parse(text);
  } catch {
    return cell;
  }
  return new JsonText(text);
}

const READERS: Partial<Readonly<Record<FieldName, (cell: string) => unknown>>> = {
  id: numberOf,
  role: numberOf,
  status: numberOf,
  introReviewed: flagOf,
  allDeviceTypesAvailable: flagOf,
  data: jsonOf,
  networkIds: listOf,
  deviceTypeIds: listOf,
};
/** The fields for which an empty cell says that there is no value. For the others it is as if the column were absent. */
const NULL_IF_EMPTY: ReadonlySet<FieldName> = new Set(['passwordHash', 'data', 'lastLogin']);

/** Returns the value of a cell; undefined: the user gets the default of the field. */
export function valueOfCell(field: FieldName, cell: string): unknown {
  if (cell === '') return NULL_IF_EMPTY.has(field) ? null : undefined;
  const read = READERS[field];
  return read ? read(cell) : cell;
}
