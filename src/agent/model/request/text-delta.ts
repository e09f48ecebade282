import { parseJson } from './json-parts.ts';

/** How the event begins when its type stands first, as providers write it. */
export const TEXT_DELTA = '{"type":"response.output_text.delta",';
const KEY = ',"delta":"';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSING_BRACE = 0x7d;
const LAST_ASCII = 0x7f;

/**
 * The text of a `response.output_text.delta` without parsing the event. Nearly every event of a long answer is one;
 * measured, `JSON.parse` of each costs more than everything else together. Undefined means that the event has to be
 * parsed: it holds more than a text, or is written in another way.
 *
 * `,"delta":"` cannot stand inside of a JSON string, where quotes are escaped, so it is a key; and without another brace
 * outside of the text it is a key of the event itself, and no `headers` or `response` stand beside it. What is no JSON
 * elsewhere in the event goes unnoticed.
 *
 * @param bytes UTF-8 as if it were Latin-1, one character for each byte: only the text is worth decoding, and an index
 *   here is an index there. In UTF-8 no part of another character looks like a quote or a brace
 * @param from where the event begins, which begins with `TEXT_DELTA`
 * @param to where it ends
 */
export function textDeltaAt(bytes: string, from: number, to: number): string | undefined {
  const key = bytes.indexOf(KEY, from + TEXT_DELTA.length - 1);
  if (key === -1 || key > to || bytes.charCodeAt(to - 1) !== CLOSING_BRACE) return undefined;
  const start = key + KEY.length;
  // One look at each character instead of three searches: texts are short, and a search costs as much as 30 characters.
  let end = start;
  let isAscii = true;
  let hasEscapes = false;
  for (let code = bytes.charCodeAt(end); code !== QUOTE; code = bytes.charCodeAt(end)) {
    if (code === BACKSLASH) {
      hasEscapes = true;
      end += 1;
    } else if (code > LAST_ASCII) isAscii = false;
    end += 1;
    if (end >= to) return undefined;
  }
  const brace = bytes.indexOf('{', from + 1);
  // Braces in the text are text.
  if (brace !== -1 && brace < to && (brace < key || hasBrace(bytes, end, to))) return undefined;
  const text = bytes.slice(hasEscapes ? start - 1 : start, hasEscapes ? end + 1 : end);
  const decoded = isAscii ? text : Buffer.from(text, 'latin1').toString('utf8');
  if (!hasEscapes) return decoded;
  const unescaped = parseJson(decoded);
  return typeof unescaped === 'string' ? unescaped : undefined;
}

function hasBrace(bytes: string, from: number, to: number): boolean {
  const brace = bytes.indexOf('{', from);
  return brace !== -1 && brace < to;
}
