import { parseJson } from './json-parts.ts';

/** How the event begins when its type stands first, as providers write it. */
const BEGINNING = '{"type":"response.output_text.delta",';
const KEY = ',"delta":"';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSING_BRACE = 0x7d;

/**
 * The text of a `response.output_text.delta` without parsing the event. Nearly every event of a long answer is one;
 * measured, `JSON.parse` of each costs more than everything else together. Undefined means that the event has to be
 * parsed: it is another one, holds more than a text, or is written in another way.
 *
 * `,"delta":"` cannot stand inside of a JSON string, where quotes are escaped, so it is a key; and without another brace
 * outside of the text it is a key of the event itself, and no `headers` or `response` stand beside it. What is no JSON
 * elsewhere in the event goes unnoticed.
 */
export function textDeltaOf(data: string): string | undefined {
  // Measured: `startsWith` takes three times as long.
  if (data.indexOf(BEGINNING) !== 0 || data.charCodeAt(data.length - 1) !== CLOSING_BRACE) return undefined;
  const key = data.indexOf(KEY, BEGINNING.length - 1);
  if (key === -1) return undefined;
  const start = key + KEY.length;
  // One look at each character instead of several searches: texts are short, and a search costs as much as 30 characters.
  let end = start;
  let hasEscapes = false;
  for (let code = data.charCodeAt(end); code !== QUOTE; code = data.charCodeAt(end)) {
    if (code === BACKSLASH) {
      hasEscapes = true;
      end += 1;
    }
    end += 1;
    if (end >= data.length) return undefined;
  }
  const brace = data.indexOf('{', 1);
  // Braces in the text are text.
  if (brace !== -1 && (brace < key || data.includes('{', end))) return undefined;
  if (!hasEscapes) return data.slice(start, end);
  const unescaped = parseJson(data.slice(start - 1, end + 1));
  return typeof unescaped === 'string' ? unescaped : undefined;
}
