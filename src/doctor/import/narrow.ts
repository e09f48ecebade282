/** What JSON gives, looked at with no expectation: each function answers with what fits, or with undefined. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export const recordOf = (value: unknown): JsonRecord | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;

export const listOf = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? value : undefined;

/** A text that is not empty. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** JSON can spell numbers that are none here, such as 1e999. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

export const integerOf = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) ? (value as number) : undefined;

export function durationOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined || number < 0 ? undefined : number;
}

export const oneOf = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined =>
  words.find((word) => word === value);

/** A member of its own, whatever it is called: never what every object has. */
export const member = (record: JsonRecord, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A time as RFC 3339 writes it, as it stands there. */
export function timeOf(value: unknown): string | undefined {
  return typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}

/** The same members in the order in which they were read; what was not read stands behind. */
export function inOrderOf<Value extends object>(read: JsonRecord, made: Value): Value {
  const places = new Map(Object.keys(read).map((name, index) => [name, index]));
  const place = (name: string): number => places.get(name) ?? places.size;
  return Object.fromEntries(Object.entries(made).toSorted(([a], [b]) => place(a) - place(b))) as Value;
}
