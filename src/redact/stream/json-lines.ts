import { escapedForJson } from '../control.ts';
import type { Redactor } from '../redactor.ts';
import { lineEndsIn } from './findings.ts';
import type { FindingList } from './findings.ts';
import { listsOfSecrets, redactLines } from './json-line.ts';
import { createTextRedactor } from './text.ts';
import type { StreamRedactor } from './text.ts';

/** Lines are searched together, about so many characters at a time. */
const BLOCK = 32 * 1024;
/** A longer line is redacted as text: as data it would need a multiple of its size. */
const MAX_LINE = 8 * 1024 * 1024;

/**
 * Redacts lines of JSON. A line without a secret stays as it is, byte for byte; one with secrets stays JSON. What is no
 * JSON is redacted as text.
 */
export function createLinesRedactor(redactor: Redactor, findings: FindingList): StreamRedactor {
  let held = '';
  let [offset, line] = [0, 0];
  /** Takes a line that is too long, until it ends. */
  let long: StreamRedactor | undefined;

  const block = (text: string): string => {
    const clean = redactBlock(text, { redactor, findings, offset, line });
    offset += text.length;
    line += lineEndsIn(text, { start: 0, end: text.length });
    return clean;
  };

  const takeLong = (text: string): string => {
    const lineEnd = text.indexOf('\n') + 1;
    long ??= createTextRedactor(redactor, findings, { offset, line });
    if (lineEnd === 0) {
      offset += text.length;
      return long.push(text);
    }
    const clean = long.push(text.slice(0, lineEnd)) + long.end();
    long = undefined;
    offset += lineEnd;
    line += 1;
    held = text.slice(lineEnd);
    return clean;
  };

  return {
    push(text) {
      let clean = '';
      if (long) clean = takeLong(text);
      else held += text;
      if (held.length < BLOCK) return clean;
      const end = held.lastIndexOf('\n') + 1;
      if (end > 0) {
        const lines = held.slice(0, end);
        held = held.slice(end);
        clean += block(lines);
      }
      if (held.length > MAX_LINE) {
        const begun = held;
        held = '';
        clean += takeLong(begun);
      }
      return clean;
    },
    end() {
      const clean = (long?.end() ?? '') + (held === '' ? '' : block(held));
      [held, long] = ['', undefined];
      return clean;
    },
  };
}

interface Lines {
  readonly redactor: Redactor;
  readonly findings: FindingList;
  readonly offset: number;
  readonly line: number;
}

function redactBlock(text: string, { redactor, findings, offset, line }: Lines): string {
  const { cuts, safe } = redactor.find(text);
  const lists = listsOfSecrets(text);
  if (safe && cuts.length === 0 && lists.length === 0) return text;
  const place = { text, offset, line };
  for (const cut of cuts) findings.note(cut, place);
  const pieces: string[] = [];
  let [first, list] = [0, 0];
  for (let start = 0; start < text.length;) {
    while ((cuts[first]?.end ?? Infinity) <= start) first += 1;
    while ((lists[list] ?? Infinity) < start) list += 1;
    let end = endOfLine(text, start);
    // What is hidden over several lines belongs together.
    let behind = first;
    for (; isBefore(cuts[behind]?.start, end); behind += 1)
      while ((cuts[behind]?.end ?? 0) > end) end = endOfLine(text, end);
    const original = text.slice(start, end);
    const within = {
      redactor,
      asData: isBefore(lists[list], end),
      cuts: cuts.slice(first, behind),
      offset: start,
      safe,
    };
    if (behind > first || within.asData) pieces.push(redactLines(original, within));
    else pieces.push(safe ? original : escapedForJson(original));
    start = end;
  }
  return pieces.join('');
}

const endOfLine = (text: string, start: number): number => text.indexOf('\n', start) + 1 || text.length;

const isBefore = (at: number | undefined, end: number): boolean => at !== undefined && at < end;
