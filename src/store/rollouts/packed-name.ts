/** 32-bit words that a packed name takes: four of the id, the date, and the time. */
export const NAME_WORDS = 6;

// Columns of `rollout-2026-11-20T07-41-40-01a1f7e7-6839-7680-a197-a5b63dcfb716.jsonl`.
const DATE_AT = 8;
const TIME_AT = 19;
const ID_AT = 28;
const LENGTH = 70;
const ID_LENGTH = 36;
/** In an id. */
const DASHES = [8, 13, 18, 23];
const PUNCTUATION: readonly (readonly [number, string])[] = [
  [DATE_AT + 4, '-'],
  [DATE_AT + 7, '-'],
  [DATE_AT + 10, 'T'],
  [TIME_AT + 2, '-'],
  [TIME_AT + 5, '-'],
  [ID_AT - 1, '-'],
];

/**
 * Packs a plain name that is spelled exactly as the agent spells it, in lower case. False for any other, and then what
 * was written means nothing. Home folders hold a hundred thousand of these, and as strings they would fill the heap.
 */
export function packName(name: string, words: Uint32Array, at: number): boolean {
  if (name.length !== LENGTH || !name.startsWith('rollout-') || !name.endsWith('.jsonl')) return false;
  for (const [column, mark] of PUNCTUATION) if (name[column] !== mark) return false;
  const date =
    number(name, DATE_AT, 4, 10) * 10_000 +
    number(name, DATE_AT + 5, 2, 10) * 100 +
    number(name, DATE_AT + 8, 2, 10);
  const time =
    number(name, TIME_AT, 2, 10) * 10_000 +
    number(name, TIME_AT + 3, 2, 10) * 100 +
    number(name, TIME_AT + 6, 2, 10);
  words[at + 4] = date;
  words[at + 5] = time;
  return !Number.isNaN(date + time) && packIdAt(name, ID_AT, words, at);
}

export function unpackName(words: Uint32Array, at: number): string {
  const date = decimal(words[at + 4] ?? 0, 8);
  const time = decimal(words[at + 5] ?? 0, 6);
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return `rollout-${day}T${time.slice(0, 2)}-${time.slice(2, 4)}-${time.slice(4)}-${unpackId(words, at)}.jsonl`;
}

/** Packs a lower-case UUID into four words; false for anything else. */
export const packId = (id: string, words: Uint32Array, at: number): boolean =>
  id.length === ID_LENGTH && packIdAt(id, 0, words, at);

function packIdAt(text: string, from: number, words: Uint32Array, at: number): boolean {
  for (const dash of DASHES) if (text[from + dash] !== '-') return false;
  const first = number(text, from, 8, 16);
  const second = number(text, from + 9, 4, 16) * 0x1_0000 + number(text, from + 14, 4, 16);
  const third = number(text, from + 19, 4, 16) * 0x1_0000 + number(text, from + 24, 4, 16);
  const fourth = number(text, from + 28, 8, 16);
  words[at] = first;
  words[at + 1] = second;
  words[at + 2] = third;
  words[at + 3] = fourth;
  return !Number.isNaN(first + second + third + fourth);
}

export function unpackId(words: Uint32Array, at: number): string {
  let digits = '';
  for (let word = at; word < at + 4; word += 1) digits += (words[word] ?? 0).toString(16).padStart(8, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

const decimal = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** The digits at a column, or NaN when one of them is none. Upper case is none: it would not come back as it was. */
function number(text: string, from: number, count: number, radix: 10 | 16): number {
  let value = 0;
  for (let column = from; column < from + count; column += 1) {
    const code = text.charCodeAt(column);
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : radix;
    if (digit >= radix) return Number.NaN;
    value = value * radix + digit;
  }
  return value;
}
