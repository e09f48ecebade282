import { escapedForJson } from '../control.ts';
import type { Cut } from '../find.ts';
import type { Redactor } from '../redactor.ts';
import { mayNameSecret } from '../rules/named.ts';

/** In JSON or in JSON inside a string: a list of texts, and the member's name in front of it. */
const LIST = /\[[ \t]{0,3}\\{0,8}"/g;
const NAME = /"(?<name>[^"\\\n]{1,64})\\{0,8}"[ \t]{0,3}:[ \t]{0,3}$/;
const LONGEST_NAME = 84;

/** Where lists begin whose name makes secrets of their texts, which no text alone tells. */
export function listsOfSecrets(text: string): readonly number[] {
  return Array.from(text.matchAll(LIST), ({ index }) => index).filter((index) => {
    if (!/[: \t]/.test(text.charAt(index - 1))) return false;
    const name = NAME.exec(text.slice(Math.max(0, index - LONGEST_NAME), index))?.groups?.['name'];
    return name !== undefined && mayNameSecret(name);
  });
}

interface FoundLines {
  readonly redactor: Redactor;
  /** What there is to hide shows only in the data. */
  readonly asData: boolean;
  readonly cuts: readonly Cut[];
  /** Of the lines in the text that the cuts speak of. */
  readonly offset: number;
}

/** Redacts a line, or several where something is hidden over their ends, which only text without JSON can do. */
export function redactLines(text: string, { redactor, asData, cuts, offset }: FoundLines): string {
  const within = cuts.map((cut) => ({ ...cut, start: cut.start - offset, end: cut.end - offset }));
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
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
  const inPlace = asData ? undefined : redactedInPlace(line, { redactor, cuts });
  if (inPlace !== undefined) return inPlace;
  const branch = redactor.branch();
  const data = branch.json(line) ?? line;
  const isChanged = branch.ledger().length > 0;
  const rest = isChanged ? escapedForJson(data) + (line.endsWith('\n') ? '\n' : '') : line;
  const left = redactor.find(rest).cuts;
  return (
    redactedInPlace(rest, { redactor, cuts: left }) ??
    replaced(rest, left, (cut) => redactor.placeholder(cut))
  );
}

/** The line with its cuts replaced, unless it is no JSON then. */
function redactedInPlace(
  line: string,
  { redactor, cuts }: { readonly redactor: Redactor; readonly cuts: readonly Cut[] },
): string | undefined {
  if (cuts.some(({ start, end }) => /["\\]/.test(line.slice(start, end)))) return undefined;
  for (const around of [() => '', (cut: Cut) => (isNumber(line, cut) ? '"' : '')]) {
    const sample = replaced(line, cuts, (cut) => `${around(cut)}<x>${around(cut)}`);
    if (isJson(sample))
      return replaced(line, cuts, (cut) => around(cut) + redactor.placeholder(cut) + around(cut));
  }
  return undefined;
}

/** Where a number was, only a text can say so. */
const isNumber = (line: string, { start, end }: Cut): boolean =>
  /^-?\d[\d.eE+-]*$/.test(line.slice(start, end)) && /[:,[\s]/.test(line.charAt(start - 1));

function replaced(line: string, cuts: readonly Cut[], shown: (cut: Cut) => string): string {
  const pieces: string[] = [];
  let position = 0;
  for (const cut of cuts) {
    pieces.push(line.slice(position, cut.start), shown(cut));
    position = cut.end;
  }
  return escapedForJson([...pieces, line.slice(position)].join(''));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
