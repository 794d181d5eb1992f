import { getMetadataArgsStorage } from 'typeorm';
import { type EntityClass, IDS_SKIPPED, type Schema } from '../database/schema.js';

/** Column type, independent of the database. `?`: nullable. */
export type ColumnType = 'integer' | 'text' | 'boolean' | 'integer?' | 'text?' | 'boolean?';

/** A table that is backed up. */
export interface Table {
  readonly name: string;
  /** The columns of the primary key. Rows are read in this order. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** How many ids a restore leaves out. */
  readonly idsSkipped: number;
}

/** Whether a table generates ids. Ids are never reused. */
export const givesIds = ({ key: [first], columns }: Table): boolean =>
  first === 'id' && columns['id'] === 'integer';

/**
 * Returns the tables of a backup, with all columns of their entities. Excludes those of `notBackedUp`. The order is that of the entities: referenced tables come first, so that rows can be inserted.
 *
 * @param applied the migrations that the database of the backup had; absent: all
 */
export const tablesOf = (
  { entities, notBackedUp, cameWith, idsSkipped }: Schema,
  applied?: readonly string[],
): readonly Table[] =>
  entities
    .filter((entity) => !notBackedUp.includes(entity) && wasThere(cameWith.get(entity)?.name, applied))
    .map((entity) => ({ ...tableOf(entity), idsSkipped: idsSkipped.get(entity) ?? IDS_SKIPPED }));

const wasThere = (migration: string | undefined, applied: readonly string[] | undefined): boolean =>
  migration === undefined || applied === undefined || applied.includes(migration);

/** Reads the decorators of an entity, because the file is checked before a connection with metadata exists. */
function tableOf(entity: EntityClass): Omit<Table, 'idsSkipped'> {
  const storage = getMetadataArgsStorage();
  const name = storage.filterTables(entity)[0]?.name;
  if (name === undefined) throw new Error(`${entity.name} has no table`);
  const columns = storage.filterColumns(ancestorsOf(entity)).map(({ propertyName, options }) => ({
    name: options.name ?? propertyName,
    isKey: options.primary === true,
    type: `${valueTypeOf(options.type)}${options.nullable === true ? '?' : ''}` as const,
  }));
  return {
    name,
    key: columns.filter(({ isKey }) => isKey).map((column) => column.name),
    columns: Object.fromEntries(columns.map((column) => [column.name, column.type])),
  };
}

/** Returns the class and its superclasses: each may declare columns. */
function ancestorsOf(entity: EntityClass): EntityClass[] {
  const parent = Object.getPrototypeOf(entity) as EntityClass | null;
  return parent === null || parent === Function.prototype ? [entity] : [entity, ...ancestorsOf(parent)];
}

function valueTypeOf(type: unknown): 'integer' | 'text' | 'boolean' {
  switch (type) {
    case Number:
    case 'int':
    case 'bigint':
      return 'integer';
    case 'text':
    case 'boolean':
      return type;
    default:
      throw new Error(`A backup has no form for columns of the type ${String(type)}`);
  }
}
