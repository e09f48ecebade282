/** 32-bit words that a packed id takes. */
export const ID_WORDS = 4;
/** A packed name begins with its id; date and time follow. */
export const NAME_WORDS = ID_WORDS + 2;

// Columns of `rollout-2026-11-20T07-41-40-01a1f7e7-6839-7680-a197-a5b63dcfb716.jsonl`.
const DATE_AT = 8;
const TIME_AT = 19;
const ID_AT = 28;
const LENGTH = 70;
const ID_LENGTH = 36;
const DASH = 45;
const LETTER_T = 84;
const DECIMAL = 10;
const HEXADECIMAL = 16;

/**
 * Packs a plain name that is spelled exactly as the agent spells it, in lower case. False for any other, and then what
 * was written means nothing. Homes hold a hundred thousand of these, and as strings they would fill the heap.
 */
export function packName(name: string, words: Int32Array, at: number): boolean {
  if (name.length !== LENGTH || !name.startsWith('rollout-') || !name.endsWith('.jsonl')) return false;
  const isPunctuated =
    isDash(name, DATE_AT + 4) &&
    isDash(name, DATE_AT + 7) &&
    name.charCodeAt(DATE_AT + 10) === LETTER_T &&
    isDash(name, TIME_AT + 2) &&
    isDash(name, TIME_AT + 5) &&
    isDash(name, ID_AT - 1);
  if (!isPunctuated) return false;
  const year = digits(name, DATE_AT, 4, DECIMAL);
  const month = digits(name, DATE_AT + 5, 2, DECIMAL);
  const day = digits(name, DATE_AT + 8, 2, DECIMAL);
  const hour = digits(name, TIME_AT, 2, DECIMAL);
  const minute = digits(name, TIME_AT + 3, 2, DECIMAL);
  const second = digits(name, TIME_AT + 6, 2, DECIMAL);
  words[at + ID_WORDS] = year * 10_000 + month * 100 + day;
  words[at + ID_WORDS + 1] = hour * 10_000 + minute * 100 + second;
  return (year | month | day | hour | minute | second) >= 0 && packIdAt(name, ID_AT, words, at);
}

export function unpackName(words: Int32Array, at: number): string {
  const date = String(words[at + ID_WORDS]).padStart(8, '0');
  const time = String(words[at + ID_WORDS + 1]).padStart(6, '0');
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return `rollout-${day}T${time.slice(0, 2)}-${time.slice(2, 4)}-${time.slice(4)}-${unpackId(words, at)}.jsonl`;
}

/** Packs a lower-case UUID into four words; false for anything else. */
export const packId = (id: string, words: Int32Array, at: number): boolean =>
  id.length === ID_LENGTH && packIdAt(id, 0, words, at);

function packIdAt(text: string, from: number, words: Int32Array, at: number): boolean {
  const isDashed =
    isDash(text, from + 8) && isDash(text, from + 13) && isDash(text, from + 18) && isDash(text, from + 23);
  return (
    isDashed &&
    packWord(text, from, from + 4, words, at) &&
    packWord(text, from + 9, from + 14, words, at + 1) &&
    packWord(text, from + 19, from + 24, words, at + 2) &&
    packWord(text, from + 28, from + 32, words, at + 3)
  );
}

/** Two groups of four digits make a word. */
function packWord(text: string, high: number, low: number, words: Int32Array, at: number): boolean {
  const upper = digits(text, high, 4, HEXADECIMAL);
  const lower = digits(text, low, 4, HEXADECIMAL);
  words[at] = (upper << 16) | lower;
  return (upper | lower) >= 0;
}

export function unpackId(words: Int32Array, at: number): string {
  let text = '';
  for (let word = at; word < at + ID_WORDS; word += 1)
    text += ((words[word] ?? 0) >>> 0).toString(16).padStart(8, '0');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

const isDash = (text: string, column: number): boolean => text.charCodeAt(column) === DASH;

/** The number at a column, or -1 when one of its digits is none. Upper case is none: it would not come back as it was. */
function digits(text: string, from: number, count: number, radix: number): number {
  let value = 0;
  for (let column = from; column < from + count; column += 1) {
    const code = text.charCodeAt(column);
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : radix;
    if (digit >= radix) return -1;
    value = value * radix + digit;
  }
  return value;
}
