import { getMetadataArgsStorage } from 'typeorm';
import type { EntityClass, Schema } from '../database/schema.js';

/** What a column holds, in whatever database; `?`: or null. */
export type ColumnType = 'integer' | 'text' | 'boolean' | 'integer?' | 'text?' | 'boolean?';

/** A table that is backed up. */
export interface Table {
  readonly name: string;
  /** The columns of the primary key, in whose order the rows are read. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
}

/** Whether a table gives its rows ids, which it never gives twice. */
export const givesIds = ({ key: [first] }: Table): boolean => first === 'id';

/**
 * What a backup holds: every table of the schema but those that are the same in every database, with every column of
 * its entity. In the order of the entities, in which rows can be inserted: what is referred to comes first.
 */
export const tablesOf = ({ entities, notBackedUp }: Schema): readonly Table[] =>
  entities.filter((entity) => !notBackedUp.includes(entity)).map(tableOf);

/** Reads the decorators of an entity: the file is checked before there is a connection that knows them. */
function tableOf(entity: EntityClass): Table {
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

/** The class and those that it extends: each may declare columns. */
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
