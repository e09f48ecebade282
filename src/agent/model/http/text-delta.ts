import { parseJson } from '../request/json-parts.ts';

const BEGINNING = '{"type":"response.output_text.delta",';
const KEY = ',"delta":"';
const BACKSLASH = 0x5c;
const CLOSING_BRACE = 0x7d;

/**
 * The text of a `response.output_text.delta` in the form in which providers write it, without parsing the event: of a
 * long answer nearly every event is one, and parsing them all costs more than everything else together. Undefined means
 * that the event has to be parsed: it is another one, or holds more than a text.
 *
 * `,"delta":"` cannot stand inside of a JSON string, where quotes are escaped, so it is a key; and without another brace
 * outside of the text it is a key of the event itself, and no `headers` or `response` stand beside it.
 */
export function textDeltaOf(data: string): string | undefined {
  // Measured: comparing with `indexOf` takes a third of what `startsWith` takes.
  if (data.indexOf(BEGINNING) !== 0 || data.charCodeAt(data.length - 1) !== CLOSING_BRACE) return undefined;
  const key = data.indexOf(KEY, BEGINNING.length - 1);
  if (key === -1) return undefined;
  const start = key + KEY.length;
  const end = endOfString(data, start);
  if (end === -1 || hasObject(data, { key, end })) return undefined;
  const text = data.slice(start, end);
  if (!text.includes('\\')) return text;
  const unescaped = parseJson(data.slice(start - 1, end + 1));
  return typeof unescaped === 'string' ? unescaped : undefined;
}

/** Where the quote is that is not escaped; -1 without one. */
function endOfString(data: string, start: number): number {
  let end = data.indexOf('"', start);
  while (end !== -1 && isEscaped(data, end)) end = data.indexOf('"', end + 1);
  return end;
}

function isEscaped(data: string, at: number): boolean {
  let first = at;
  while (data.charCodeAt(first - 1) === BACKSLASH) first -= 1;
  return (at - first) % 2 === 1;
}

/** A brace before the key or after its text; those in the text are text. */
function hasObject(data: string, { key, end }: { readonly key: number; readonly end: number }): boolean {
  const brace = data.indexOf('{', 1);
  return brace !== -1 && (brace < key || data.includes('{', end));
}
