/** A shorter value cannot be told from a word or a number that stands in a text by chance. */
const MIN_SECRET_LENGTH = 6;
const HIDDEN = '<hidden>';

/** Hides values wherever a program repeats them, the longest first. */
export function createHiding(values: readonly string[]): (text: string) => string {
  const secrets = [...new Set(values.map((value) => value.trim()))]
    .filter((value) => value.length >= MIN_SECRET_LENGTH)
    .toSorted((one, other) => other.length - one.length);
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
}
