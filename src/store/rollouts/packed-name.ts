/** 32-bit words that a packed id takes. */
export const ID_WORDS = 4;
/** A packed name begins with its id; date and time follow, digit by digit. */
export const NAME_WORDS = ID_WORDS + 2;

const EXACT =
  /^rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\.jsonl$/;
const EXACT_ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const ID_AT = 28;
const ID_END = 64;
const WORD_BYTES = Int32Array.BYTES_PER_ELEMENT;

/** Bytes and words of the same memory. */
export interface Packing {
  readonly bytes: Buffer;
  readonly words: Int32Array;
}

export const packingOf = (words: Int32Array): Packing => ({
  words,
  bytes: Buffer.from(words.buffer, words.byteOffset, words.byteLength),
});

export const createPacking = (length: number): Packing => packingOf(new Int32Array(length));

/**
 * Packs a plain name that is spelled exactly as the agent spells it, in lower case; false for any other. Homes hold a
 * hundred thousand of these, and as strings they would fill the heap. Digits are left to `Buffer`: most runs are over
 * before code of our own would be compiled.
 * @param at first word
 */
export function packName(name: string, { bytes }: Packing, at: number): boolean {
  if (!EXACT.test(name)) return false;
  const date = `${name.slice(8, 12)}${name.slice(13, 15)}${name.slice(16, 18)}`;
  const time = `${name.slice(19, 21)}${name.slice(22, 24)}${name.slice(25, 27)}`;
  bytes.write(`${digitsOf(name, ID_AT)}${date}${time}`, at * WORD_BYTES, 'hex');
  return true;
}

export function unpackName(packing: Packing, at: number): string {
  const from = (at + ID_WORDS) * WORD_BYTES;
  const digits = packing.bytes.toString('hex', from, from + 2 * WORD_BYTES);
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)];
  const [hour, minute, second] = [digits.slice(8, 10), digits.slice(10, 12), digits.slice(12, 14)];
  return `rollout-${year}-${month}-${day}T${hour}-${minute}-${second}-${unpackId(packing, at)}.jsonl`;
}

/** Whether that is the id in a name that can be packed. */
export const isNamedBy = (name: string, id: string): boolean =>
  id.length === ID_END - ID_AT && name.startsWith(id, ID_AT);

/** Packs a lower-case UUID; false for anything else. */
export function packId(id: string, { bytes }: Packing, at: number): boolean {
  if (!EXACT_ID.test(id)) return false;
  bytes.write(digitsOf(id, 0), at * WORD_BYTES, 'hex');
  return true;
}

export function unpackId({ bytes }: Packing, at: number): string {
  const digits = bytes.toString('hex', at * WORD_BYTES, (at + ID_WORDS) * WORD_BYTES);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** The digits of an id without its dashes. */
const digitsOf = (text: string, from: number): string =>
  `${text.slice(from, from + 8)}${text.slice(from + 9, from + 13)}${text.slice(from + 14, from + 18)}${text.slice(from + 19, from + 23)}${text.slice(from + 24, from + 36)}`;
