import { escapedForJson } from '../control.ts';
import type { Cut } from '../find.ts';
import type { Redactor } from '../redactor.ts';
import { mayNameSecret } from '../rules/named.ts';

/** In JSON or in JSON inside a string: a list of texts, and the member's name in front of it. */
const LIST = /\[[ \t]{0,3}\\{0,8}"/y;
const NAME = /"(?<name>[^"\\\n]{1,64})\\{0,8}"[ \t]{0,3}:[ \t]{0,3}$/;
const LONGEST_NAME = 84;
const [TAB, BLANK, COLON] = [0x09, 0x20, 0x3a];

/** Where lists begin whose name makes secrets of their texts, which no text alone tells. */
export function listsOfSecrets(text: string): readonly number[] {
  const lists: number[] = [];
  for (let index = text.indexOf('['); index !== -1; index = text.indexOf('[', index + 1)) {
    const before = text.charCodeAt(index - 1);
    if (before !== COLON && before !== BLANK && before !== TAB) continue;
    LIST.lastIndex = index;
    if (!LIST.test(text)) continue;
    const name = NAME.exec(text.slice(Math.max(0, index - LONGEST_NAME), index))?.groups?.['name'];
    if (name !== undefined && mayNameSecret(name)) lists.push(index);
  }
  return lists;
}

interface FoundLines {
  readonly redactor: Redactor;
  /** What there is to hide shows only in the data. */
  readonly asData: boolean;
  readonly cuts: readonly Cut[];
  /** Of the lines in the text that the cuts speak of. */
  readonly offset: number;
  /** Nothing in the lines needs `escapedForJson`. */
  readonly safe: boolean;
}

/** Redacts a line, or several where something is hidden over their ends, which only text without JSON can do. */
export function redactLines(text: string, { redactor, asData, cuts, offset, safe }: FoundLines): string {
  const within = cuts.map((cut) => ({ ...cut, start: cut.start - offset, end: cut.end - offset }));
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  // What is JSON with its secrets replaced needs no closer look: in whatever else it was, they are replaced just so.
  const inPlace =
    asData || lines.length > 1
      ? undefined
      : redactedInPlace(text, { redactor, cuts: within, safe, ways: AS_TEXT });
  if (inPlace !== undefined) return inPlace;
  if (!lines.every(isJson)) return replaced(text, within, (cut) => redactor.placeholder(cut));
  if (lines.length === 1) return redactLine(text, { redactor, asData, cuts: within });
  return lines.map((line) => redactLine(line, { redactor, asData })).join('');
}

/**
 * Redacts a line of JSON so that it stays JSON. Where only texts without quotes are hidden, the rest stays byte for byte.
 * Whatever happens, nothing of what is found in the text of the line remains.
 */
function redactLine(
  line: string,
  {
    redactor,
    asData,
    cuts = redactor.find(line).cuts,
  }: { readonly redactor: Redactor; readonly asData: boolean; readonly cuts?: readonly Cut[] },
): string {
  const inPlace = asData ? undefined : redactedInPlace(line, { redactor, cuts, ways: ALL_WAYS });
  if (inPlace !== undefined) return inPlace;
  const branch = redactor.branch();
  const data = branch.json(line) ?? line;
  const isChanged = branch.ledger().length > 0;
  const rest = isChanged ? escapedForJson(data) + (line.endsWith('\n') ? '\n' : '') : line;
  const left = redactor.find(rest).cuts;
  return (
    redactedInPlace(rest, { redactor, cuts: left, ways: ALL_WAYS }) ??
    replaced(rest, left, (cut) => redactor.placeholder(cut))
  );
}

/** What stands around a placeholder, which is in quotes where a number was. */
type Way = (line: string, cut: Cut) => string;
const AS_TEXT: readonly Way[] = [() => ''];
const ALL_WAYS: readonly Way[] = [...AS_TEXT, (line, cut) => (isNumber(line, cut) ? '"' : '')];

interface CutsInPlace {
  readonly redactor: Redactor;
  readonly cuts: readonly Cut[];
  readonly ways: readonly Way[];
  readonly safe?: boolean | undefined;
}

/** The line with its cuts replaced, unless it is no JSON then. */
function redactedInPlace(line: string, { redactor, cuts, ways, safe }: CutsInPlace): string | undefined {
  if (cuts.some(({ start, end }) => /["\\]/.test(line.slice(start, end)))) return undefined;
  for (const way of ways) {
    const sample = replaced(line, cuts, (cut) => `${way(line, cut)}<x>${way(line, cut)}`, { safe });
    if (isJson(sample))
      return replaced(line, cuts, (cut) => way(line, cut) + redactor.placeholder(cut) + way(line, cut), {
        safe,
      });
  }
  return undefined;
}

/** Where a number was, only a text can say so. */
const isNumber = (line: string, { start, end }: Cut): boolean =>
  /^-?\d[\d.eE+-]*$/.test(line.slice(start, end)) && /[:,[\s]/.test(line.charAt(start - 1));

function replaced(
  line: string,
  cuts: readonly Cut[],
  shown: (cut: Cut) => string,
  { safe = false }: { readonly safe?: boolean | undefined } = {},
): string {
  const pieces: string[] = [];
  let position = 0;
  for (const cut of cuts) {
    pieces.push(line.slice(position, cut.start), shown(cut));
    position = cut.end;
  }
  pieces.push(line.slice(position));
  const all = pieces.join('');
  return safe ? all : escapedForJson(all);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
