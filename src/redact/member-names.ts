/**
 * What was redacted, under the names that its members had: a user may be called `issues`. For data whose names are all
 * our own.
 */
export function withNamesOf<Value>(original: Value, redacted: Value): Value {
  if (typeof original !== 'object' || original === null) return redacted;
  const values = Object.values(redacted as object) as unknown[];
  const entries = Object.entries(original).map(([name, value], index) => [
    name,
    withNamesOf<unknown>(value, values[index]),
  ]);
  return (Array.isArray(original) ? entries.map(([, value]) => value) : Object.fromEntries(entries)) as Value;
}
