import type { DetailValue } from '../report.ts';

/** Amounts that grow, shrink and are measured anew in every run. */
const MOVING =
  /\b(?:ms|bytes|files|pids?|age|days|hours|minutes|seconds|uptime|rows|records|threads|free|available)\b/i;
/** What a provider or a clock gives anew each time. */
const UNIQUE = /\b(?:request id|cf-ray|ray|pid|date|answered at|time)\b/i;
/** Settings and answers look like amounts, and do not move by themselves. */
const FIXED =
  /\b(?:threshold|limit|timeout|window|tolerance|status|code|version|port|zone|servers|flags|max|min)\b/i;

const RFC_3339 = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z| UTC|[+-]\d{2}:\d{2})?/g;
/** A number with its unit inside a text: `72.4 GB`, `1,526 files`, `pid 412`. */
const AMOUNT =
  /\bpid \d+|\d[\d.,]*\s?(?:ms|s|bytes|[KMGT]i?B|B|%|days?|hours?|minutes?|seconds?|files?|rows?|records?)\b/g;

/** Whether two values of a detail differ only by what moves from run to run. */
export function isVolatile(
  label: string,
  before: DetailValue | undefined,
  after: DetailValue | undefined,
): boolean {
  if (FIXED.test(label)) return false;
  const values = [before, after].filter((value) => value !== undefined && value !== null);
  if (values.every((value) => typeof value === 'number')) return MOVING.test(label);
  if (UNIQUE.test(label)) return true;
  return before !== undefined && after !== undefined && same(still(label, before), still(label, after));
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A value without what moves in it. */
function still(label: string, value: DetailValue): DetailValue {
  if (typeof value === 'string') return value.replaceAll(RFC_3339, '<time>').replaceAll(AMOUNT, '<amount>');
  if (!isList(value)) return value;
  const texts = value.map((text) => String(still(label, text)));
  // A name server hands its addresses out in turn.
  return /\baddress(?:es)?\b/i.test(label) ? texts.toSorted() : texts;
}

const isList = (value: DetailValue): value is readonly string[] => Array.isArray(value);
