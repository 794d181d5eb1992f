import { ApiProperty } from '@nestjs/swagger';
import { type Fields, fieldsOf, type StoredRecord, storedValueOf, type ViewOf } from './field.js';

/** Creates the class that documents the fields of a view. */
export function viewClass<const F extends Fields, View extends string>(
  fields: F,
  view: View,
): new () => ViewOf<F, View> {
  class Shown {}
  for (const [name, { type, description, example, shownIn }] of fieldsOf(fields)) {
    if (!shownIn.includes(view)) continue;
    ApiProperty({ ...type.schema, description, ...(example !== undefined && { example }) })(
      Shown.prototype,
      name,
    );
  }
  return Shown as new () => ViewOf<F, View>;
}

/**
 * Creates the function that converts a record to a view. The view has only the fields that are declared for it. Fields
 * that are not stored come from the second argument.
 */
export function viewOf<const F extends Fields, View extends string>(
  fields: F,
  view: View,
): (record: StoredRecord<F>, computed?: Partial<ViewOf<F, View>>) => ViewOf<F, View> {
  const shown = fieldsOf(fields).filter(([, { shownIn }]) => shownIn.includes(view));
  return (record, computed) => {
    const result: Record<string, unknown> = {};
    for (const field of shown) {
      const [name, { type, stored }] = field;
      if (!stored) {
        result[name] = computed?.[name as keyof ViewOf<F, View>];
        continue;
      }
      const value = storedValueOf(record, field);
      result[name] = type.fromStored ? type.fromStored(value) : value;
    }
    return result as ViewOf<F, View>;
  };
}
