import { ApiProperty } from '@nestjs/swagger';
import { type Fields, fieldsOf, type ShownName, type ViewOf } from './field.js';

/** The class that documents what a view shows of a record. */
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
 * Makes the function that shows a record in a view: the declared fields and nothing else. Its argument holds the
 * stored form of the fields that are stored, and the value of the others.
 */
export function viewOf<const F extends Fields, View extends string>(
  fields: F,
  view: View,
): (record: Readonly<Record<ShownName<F, View>, unknown>>) => ViewOf<F, View> {
  const shown = fieldsOf(fields).filter(([, { shownIn }]) => shownIn.includes(view));
  return (record) => {
    const result: Record<string, unknown> = {};
    for (const [name, { type, stored }] of shown) {
      const value = record[name as ShownName<F, View>];
      result[name] = stored && type.fromStored ? type.fromStored(value) : value;
    }
    return result as ViewOf<F, View>;
  };
}
