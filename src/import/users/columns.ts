import { OperatorError } from '../../errors/operator-error.js';
import { RowFault, shownName } from './file-rows.js';
import { FIELD_NAMES, type FieldName, isFieldName } from './user-row.fields.js';

/** Says which field of a user each column of a file holds: a column of CSV, a member of NDJSON. */
export class Columns {
  private constructor(
    private readonly renamed: ReadonlyMap<string, FieldName>,
    private readonly ignored: ReadonlySet<string>,
  ) {}

  /**
   * Reads the options of the command.
   *
   * @param renamed each `theirs=ours`: the column `theirs` holds the field `ours`
   * @param ignored the names of the columns to leave out
   * @throws {OperatorError} when an option is not valid, or two of them name the same column or field
   */
  static parse(renamed: readonly string[], ignored: readonly string[]): Columns {
    const fields = new Map<string, FieldName>();
    for (const pair of renamed) {
      const { theirs = '', ours = '' } = /^(?<theirs>.+)=(?<ours>[^=]*)$/s.exec(pair)?.groups ?? {};
      if (theirs === '' || !isFieldName(ours))
        throw new OperatorError(
          `--column is not valid: it accepts <column>=<field>, and the fields are ${FIELD_NAMES.join(', ')}`,
        );
      if (fields.has(theirs)) throw new OperatorError(`--column names ${shownName(theirs)} twice`);
      if ([...fields.values()].includes(ours)) throw new OperatorError(`--column gives ${ours} twice`);
      fields.set(theirs, ours);
    }
    const both = ignored.find((name) => fields.has(name));
    if (both !== undefined)
      throw new OperatorError(`${shownName(both)} is named by --column and by --ignore: one of them only`);
    return new Columns(fields, new Set(ignored));
  }

  /** Returns the field that a column holds; undefined: it is ignored. @throws {RowFault} when it is not known */
  fieldOf(column: string): FieldName | undefined {
    const renamed = this.renamed.get(column);
    if (renamed !== undefined) return renamed;
    if (this.ignored.has(column)) return undefined;
    if (isFieldName(column)) return column;
    if (column.toLowerCase() === 'password')
      throw new RowFault('password is not taken: only hashes are, as passwordHash');
    throw new RowFault(`${shownName(column)} is not known here`);
  }

  /**
   * Returns the fields of the columns of a CSV file, in their order.
   *
   * @throws {RowFault} when a column is not known or two hold the same field, or one that an option names is missing
   */
  fieldsOf(header: readonly string[]): readonly (FieldName | undefined)[] {
    const missing = [...this.renamed.keys(), ...this.ignored].find((name) => !header.includes(name));
    if (missing !== undefined) throw new RowFault(`there is no column ${shownName(missing)}`);
    const fields = header.map((column) => this.fieldOf(column));
    refuseTwice(fields);
    return fields;
  }

  /** Returns the values of a row by the names of our fields. @throws {RowFault} */
  valuesOf(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const columns = Object.keys(row);
    const fields = columns.map((column) => this.fieldOf(column));
    refuseTwice(fields);
    const values: Record<string, unknown> = {};
    for (const [index, field] of fields.entries())
      if (field !== undefined) values[field] = row[columns[index] ?? ''];
    return values;
  }
}

function refuseTwice(fields: readonly (FieldName | undefined)[]): void {
  const twice = fields.find((field, index) => field !== undefined && fields.indexOf(field) !== index);
  if (twice !== undefined) throw new RowFault(`${twice} is given twice`);
}
