import type { Range } from './rules/rule.ts';

/** What a redactor leaves behind; it is never looked into, so that redacting again changes nothing. */
export const PLACEHOLDER = /<[a-z]+(?:-[a-z]+)*:\d{1,9}>/g;
/** Stands for what is already hidden while rules look: a sign that belongs to no word. */
export const FILLER = '\u00a4';

/** No id of a rule is half as long. */
const LONGEST_PLACEHOLDER = 80;
const DIGITS = Array.from({ length: 10 }, (_, digit) => `${digit}`);
/** One of these ends every placeholder; little else looks like that, whereas `<` stands everywhere. */
export const PLACEHOLDER_ENDS: readonly string[] = [':', ...DIGITS].flatMap((before) =>
  DIGITS.map((digit) => `${before}${digit}>`),
);

/**
 * Where placeholders stand, in the order of the text.
 * @param ends where {@link PLACEHOLDER_ENDS} stand; without them it looks everywhere
 */
export function placeholdersIn(text: string, ends?: readonly number[]): readonly Range[] {
  if (!ends)
    return text.includes('<')
      ? Array.from(text.matchAll(PLACEHOLDER), ({ 0: { length }, index }) => ({
          start: index,
          end: index + length,
        }))
      : [];
  return ends.flatMap((place) => {
    const end = place + ENDS_LENGTH;
    const before = text.slice(Math.max(0, end - LONGEST_PLACEHOLDER), end);
    const placeholder = before.slice(before.lastIndexOf('<'));
    return WHOLE.test(placeholder) ? [{ start: end - placeholder.length, end }] : [];
  });
}

const ENDS_LENGTH = 3;
const WHOLE = new RegExp(`^${PLACEHOLDER.source}$`);

/** The text with fillers in place of these stretches. */
export function covered(text: string, holes: readonly Range[]): string {
  if (holes.length === 0) return text;
  const pieces: string[] = [];
  let position = 0;
  for (const { start, end } of holes) {
    pieces.push(text.slice(position, start), FILLER.repeat(end - start));
    position = end;
  }
  pieces.push(text.slice(position));
  return pieces.join('');
}

/** The places that lie in none of the holes; both are in the order of the text. */
export function outside(places: readonly number[], holes: readonly Range[]): readonly number[] {
  let hole = 0;
  return places.filter((place) => {
    while ((holes[hole]?.end ?? Infinity) <= place) hole += 1;
    return place < (holes[hole]?.start ?? Infinity);
  });
}
