import type { Cut } from '../find.ts';
import type { StreamFinding } from '../stream.ts';

/** A preview shows no more. */
const MAX_FINDINGS = 500;

/** Notes where something was hidden, and counts what comes after the list is full. */
export interface FindingList {
  /** @param text what the cut stands in, and where that begins in the stream */
  readonly note: (cut: Cut, text: Place) => void;
  readonly list: () => readonly StreamFinding[];
  readonly unlisted: () => number;
}

export interface Place {
  readonly text: string;
  /** Characters and lines before it. */
  readonly offset: number;
  readonly line: number;
}

export function createFindingList(): FindingList {
  const confident: StreamFinding[] = [];
  const others: StreamFinding[] = [];
  let total = 0;
  // Cuts come in order, so that lines are counted once.
  let counted: { text: Place; to: number; line: number } | undefined;
  return {
    note({ rule, start, end }, text) {
      total += 1;
      const isConfident = rule.confident === true;
      const list = isConfident ? confident : others;
      if (list.length >= MAX_FINDINGS) return;
      if (counted?.text !== text || counted.to > start) counted = { text, to: 0, line: text.line };
      counted.line += lineEndsIn(text.text, { start: counted.to, end: start });
      counted.to = start;
      list.push({
        rule: rule.id,
        line: counted.line + 1,
        offset: text.offset + start,
        length: end - start,
        confident: isConfident,
      });
    },
    list: () => [...confident, ...others].slice(0, MAX_FINDINGS),
    unlisted: () => Math.max(0, total - MAX_FINDINGS),
  };
}

export function lineEndsIn(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): number {
  let count = 0;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
