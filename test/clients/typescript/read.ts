/*
 * A driver gets JSON and sets members of generated types. A reader makes a value of one type of it; `members` takes a
 * reader for every member of a generated type, so that the compiler finds a member that is missing or of another type.
 */

/** Makes a typed value of JSON. */
export type Reader<T> = (value: unknown) => T;

type Readers<T extends object> = { readonly [Name in keyof T]-?: Reader<Exclude<T[Name], undefined>> };

function fail(wanted: string, value: unknown): never {
  throw new TypeError(`Not ${wanted}: ${JSON.stringify(value)}`);
}

export const text: Reader<string> = (value) => (typeof value === 'string' ? value : fail('a text', value));
export const number: Reader<number> = (value) =>
  typeof value === 'number' ? value : fail('a number', value);
export const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : fail('a flag', value));

/** A JSON object of any members. */
export const object: Reader<Record<string, unknown>> = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : fail('an object', value);

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value) =>
    value === null ? null : reader(value);

export const list =
  <T>(reader: Reader<T>): Reader<T[]> =>
  (value) =>
    Array.isArray(value) ? value.map(reader) : fail('a list', value);

/** One of these values, or whichever of these readers takes the value. */
export const oneOf =
  <const T extends string | number>(...values: readonly T[]): Reader<T> =>
  (value) =>
    values.find((one) => one === value) ?? fail(`one of ${values.join()}`, value);

/** What the first reader takes, else the second. */
export const either =
  <A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> =>
  (value) => {
    try {
      return first(value);
    } catch {
      return second(value);
    }
  };

/** The parameters of these names that are there. */
export const parameters =
  <T extends object>(readers: Readers<T>): Reader<T> =>
  (value) => {
    const given = object(value);
    const read: Partial<T> = {};
    for (const name in readers) if (given[name] !== undefined) read[name] = readers[name](given[name]);
    return read as T;
  };

/** Sets the members that are there, and no others. */
export const members =
  <T extends object>(readers: Readers<T>): Reader<T> =>
  (value) => {
    for (const name of Object.keys(object(value)))
      if (!(name in readers)) fail(`a member of the type, ${name}`, value);
    return parameters(readers)(value);
  };
