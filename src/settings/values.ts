import { nearest } from '../doctor/select.ts';
import type { SettingType, SettingValue } from './keys.ts';

export type Accepted = { readonly kind: 'accepted'; readonly value: SettingValue } | Refused;

export interface Refused {
  readonly kind: 'refused';
  /** Goes on where the name of the key ends: `is "wran"; known are warn, fail, never`. */
  readonly problem: string;
  readonly suggestion?: string;
}

const accepted = (value: SettingValue): Accepted => ({ kind: 'accepted', value });
const refused = (problem: string, suggestion?: string): Accepted => ({
  kind: 'refused',
  problem,
  ...(suggestion !== undefined && { suggestion }),
});

/** Judges a value of a file. */
export function acceptValue(type: SettingType, written: unknown): Accepted {
  switch (type.kind) {
    case 'boolean':
      return typeof written === 'boolean'
        ? accepted(written)
        : refused(`is ${kindOf(written)}; true or false is expected`, meantBoolean(written));
    case 'integer': {
      const { least, most } = type;
      return typeof written === 'number' && Number.isInteger(written) && written >= least && written <= most
        ? accepted(written)
        : refused(`is ${kindOf(written)}; a whole number from ${least} to ${most} is expected`);
    }
    case 'choice':
      return typeof written === 'string' ? acceptChoice(type.allowed, written) : refusedType(written);
    case 'text':
      return typeof written === 'string' ? acceptText(type, written) : refusedType(written);
    case 'list':
      return Array.isArray(written) ? acceptList(type, written) : refusedList(written);
  }
}

/** Judges a value of a variable, in which everything is text. */
export function acceptVariable(type: SettingType, text: string): Accepted {
  switch (type.kind) {
    case 'boolean': {
      const value = BOOLEANS.get(text.trim().toLowerCase());
      return value === undefined ? refused(`is ${shown(text)}; 1 or 0 is expected`) : accepted(value);
    }
    case 'integer':
      return acceptValue(type, /^\d{1,15}$/.test(text.trim()) ? Number(text) : text);
    case 'list':
      return acceptValue(type, commaList(text));
    case 'choice':
    case 'text':
      return acceptValue(type, text);
  }
}

/** `{a,b}.*` is one pattern. */
const COMMA_OUTSIDE_BRACES = /,(?![^{]*\})/;

const commaList = (text: string): readonly string[] =>
  text
    .split(COMMA_OUTSIDE_BRACES)
    .map((item) => item.trim())
    .filter((item) => item !== '');

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['true', true],
  ['yes', true],
  ['on', true],
  ['0', false],
  ['false', false],
  ['no', false],
  ['off', false],
]);

function acceptChoice(allowed: readonly string[], written: string): Accepted {
  if (allowed.includes(written)) return accepted(written);
  const meant = suggest(written, allowed);
  return refused(`is ${shown(written)}; known are ${allowed.join(', ')}`, meant && `"${meant}"`);
}

function acceptText(
  type: { readonly pattern: string; readonly expected: string },
  written: string,
): Accepted {
  return fits(type.pattern, written) ? accepted(written) : refused(`is not ${type.expected}`);
}

function acceptList(
  { pattern, expected }: { readonly pattern: string; readonly expected: string },
  written: readonly unknown[],
): Accepted {
  const wrong = written.findIndex((item) => typeof item !== 'string' || !fits(pattern, item));
  if (wrong < 0) return accepted(written as readonly string[]);
  return refused(`holds as entry ${wrong + 1} ${kindOf(written[wrong])} that is not ${expected}`);
}

const refusedType = (written: unknown): Accepted =>
  refused(
    `is ${kindOf(written)}; a text in quotes is expected`,
    typeof written === 'number' ? `"${written}"` : undefined,
  );

const refusedList = (written: unknown): Accepted =>
  refused(
    `is ${kindOf(written)}; a list of texts is expected`,
    typeof written === 'string' && isPlainWord(written) ? `["${written}"]` : undefined,
  );

export const fits = (pattern: string, text: string): boolean => new RegExp(pattern, 'u').test(text);

/** Longer words are no misspelt names, and comparing them takes long. */
const LONGEST_MISSPELT = 64;

/** The known word that was probably meant. */
export const suggest = (word: string, known: readonly string[]): string | undefined =>
  word.length > LONGEST_MISSPELT ? undefined : nearest(word, known);

/** Only a short plain word is repeated: a file may hold a secret in a wrong place. */
const isPlainWord = (text: string): boolean => /^[\w.*-]{1,24}$/.test(text);

const shown = (text: string): string => (isPlainWord(text) ? `"${text}"` : 'another text');

/** A value by its kind, as one speaks of it. */
export function kindOf(written: unknown): string {
  if (typeof written === 'string') return written === '' ? 'an empty text' : 'a text';
  if (typeof written === 'boolean') return String(written);
  if (typeof written === 'number' || typeof written === 'bigint') return `the number ${written}`;
  if (Array.isArray(written)) return 'a list';
  return written instanceof Date ? 'a date or time' : 'a table';
}

const meantBoolean = (written: unknown): string | undefined => {
  if (written !== 'true' && written !== 'false') return undefined;
  return `${written} without quotes`;
};
