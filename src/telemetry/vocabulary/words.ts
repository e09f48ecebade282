import type { Redactor } from '../../redact/redactor.ts';

/** Longer texts are cut; a collector refuses messages of some megabytes. */
const MAX_TEXT_LENGTH = 65_536;
/** What is cut off behind the last blank, so that no half of a secret stays that no rule would know. */
const MAX_TORN_LENGTH = 4096;
const NAME = /^[A-Za-z0-9_.:/@+-]{1,128}$/;
const EVENT_KIND = /^[a-z][a-z0-9_.]{0,79}$/;
const ERROR_CLASS = /^[a-z][a-z0-9_]{0,63}$/;
const TAG = /[^A-Za-z0-9._/-]/g;

export interface BoundedText {
  readonly text: string;
  readonly isCut: boolean;
}

/** Free text as a sink may hold it: redacted and of bounded length. */
export function safeText(redactor: TextRedactor, text: string): BoundedText {
  if (text.length <= MAX_TEXT_LENGTH) return { text: redactor.text(text), isCut: false };
  const head = text.slice(0, MAX_TEXT_LENGTH);
  const torn = /\S*$/.exec(head.slice(-MAX_TORN_LENGTH))?.[0].length ?? 0;
  return { text: redactor.text(head.slice(0, head.length - torn)), isCut: true };
}

type TextRedactor = Pick<Redactor, 'text'>;

/** Names, kinds and states, which come again and again. */
const REMEMBERED = { maxLength: 128, maxCount: 1024 };

/** A redactor that looks at the same short text once; what it found is of the same form each time. */
export function rememberingRedactor(redactor: TextRedactor): TextRedactor {
  const known = new Map<string, string>();
  return {
    text(text) {
      if (text.length > REMEMBERED.maxLength) return redactor.text(text);
      const found = known.get(text) ?? redactor.text(text);
      if (known.size >= REMEMBERED.maxCount) known.clear();
      known.set(text, found);
      return found;
    },
  };
}

/** A name that a model, a server or a user made up, where a name of few values is wanted. */
export const safeName = (redactor: TextRedactor, name: string): string =>
  isSafe(redactor, NAME, name) ? name : 'unknown';

/** The kind of an event of a stream, which a server chooses. */
export const eventKind = (redactor: TextRedactor, kind: string): string =>
  isSafe(redactor, EVENT_KIND, kind) ? kind : 'unknown';

/** A value of `error.type`: a class if it is one, otherwise the word of the convention for all others. */
export const errorType = (redactor: TextRedactor, error: string | undefined): string =>
  error !== undefined && isSafe(redactor, ERROR_CLASS, error) ? error : '_OTHER';

const isSafe = (redactor: TextRedactor, form: RegExp, word: string): boolean =>
  form.test(word) && redactor.text(word) === word;

/** What metrics may carry as the value of a tag. */
export const tagValue = (value: string): string => value.replaceAll(TAG, '_');

/** Characters as people count them, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const isHigh = unit >= 0xd8_00 && unit <= 0xdb_ff;
    const next = isHigh ? text.charCodeAt(index + 1) : 0;
    if (next >= 0xdc_00 && next <= 0xdf_ff) index += 1;
    count += 1;
  }
  return count;
}

export function countLines(text: string): number {
  if (text === '') return 0;
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < text.length - 1; at = text.indexOf('\n', at + 1))
    count += 1;
  return count;
}
