import { recordOf } from './narrow.ts';
import type { JsonRecord } from './narrow.ts';

/** What is in a text that somebody pasted or piped. */
export interface FoundDocuments {
  readonly documents: readonly JsonRecord[];
  /** An object began that has no end: the text was cut. */
  readonly isCut: boolean;
}

/**
 * Beginnings of objects that are tried. Programs write a few lines before their report; a text with more braces than
 * these is something else.
 */
const MOST_BEGINNINGS = 50;
/** Looking for the end of an object goes through the rest of the text, which may be long; together no further than this. */
const MOST_PASSES = 8;

/**
 * Finds the JSON objects in a text: alone, after the lines of a program, or within the fence of a Markdown page. A byte
 * order mark and either kind of line end are taken.
 */
export function documentsIn(text: string): FoundDocuments {
  const whole = recordOf(parsed(text.startsWith('\ufeff') ? text.slice(1) : text));
  if (whole) return { documents: [whole], isCut: false };
  const documents: JsonRecord[] = [];
  let isCut = false;
  let position = 0;
  let left = MOST_PASSES * text.length;
  for (let tries = 0; tries < MOST_BEGINNINGS && left > 0; tries += 1) {
    const start = nextBeginning(text, position);
    if (start === -1) break;
    const end = endOfObject(text, start);
    left -= (end ?? text.length) - start;
    const document = end === undefined ? undefined : recordOf(parsed(text.slice(start, end)));
    if (document) documents.push(document);
    if (end === undefined) isCut = true;
    position = document && end !== undefined ? end : start + 1;
  }
  return { documents, isCut };
}

/** `{` where a JSON object may begin: before a name or its end. */
function nextBeginning(text: string, position: number): number {
  const beginning = /\{[\t\n\r ]{0,1000}["}]/g;
  beginning.lastIndex = position;
  return beginning.exec(text)?.index ?? -1;
}

/** The offset after the brace that closes the one at `start`; undefined when the text ends before. */
function endOfObject(text: string, start: number): number | undefined {
  const sign = /["{}]/g;
  sign.lastIndex = start;
  let depth = 0;
  for (let found = sign.exec(text); found; found = sign.exec(text)) {
    if (found[0] === '"') {
      const end = endOfString(text, found.index);
      if (end === undefined) return undefined;
      sign.lastIndex = end;
    } else {
      depth += found[0] === '{' ? 1 : -1;
      if (depth === 0) return sign.lastIndex;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number | undefined {
  const sign = /["\\]/g;
  sign.lastIndex = start + 1;
  for (let found = sign.exec(text); found; found = sign.exec(text)) {
    if (found[0] === '"') return sign.lastIndex;
    // Whatever is escaped ends nothing.
    sign.lastIndex += 1;
  }
  return undefined;
}

/** Undefined for what is no JSON, or is nested deeper than the parser goes. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
