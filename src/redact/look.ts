import { isSafe } from './control.ts';
import type { Haystack } from './decode/pieces.ts';
import { ESCAPE_HINTS, hasEscapes, withoutEscapes } from './decode/escapes.ts';
import { decodedRuns } from './decode/runs.ts';
import { escapeLiteral } from './rules/rule.ts';
import type { RedactionRule } from './rules/rule.ts';
import { createScanner } from './scan/scanner.ts';

/** A rule of which a hint stands in a text, and where; without places it looks for itself. */
export interface Candidate {
  readonly rule: RedactionRule;
  readonly places?: readonly number[];
}

/** What a quick look at a text tells. */
export interface Look {
  /** False where the text holds characters that must not reach a terminal. */
  readonly safe: boolean;
  readonly candidates: readonly Candidate[];
  /** What stands in the text in another encoding. */
  readonly decoded: () => Iterable<Haystack>;
}

export type QuickLook = (text: string) => Look;

/** Below this, asking for each hint costs less than making a scanner does. */
const MIN_SCANNED_LENGTH = 2_048;
/** The same once there is a scanner. */
const MIN_LENGTH_WITH_SCANNER = 192;

/** For most texts, or most of a long one, a quick look says that there is nothing. */
export function createQuickLook(rules: readonly RedactionRule[]): QuickLook {
  const short = lookAtShort(rules);
  let long: QuickLook | undefined;
  return (text) => {
    const isShort = text.length < (long ? MIN_LENGTH_WITH_SCANNER : MIN_SCANNED_LENGTH);
    return isShort ? short(text) : (long ??= lookAtLong(rules))(text);
  };
}

const SHORT_RUN = /[A-Za-z0-9+/_-]{27,}/g;

function lookAtShort(rules: readonly RedactionRule[]): QuickLook {
  const exact = rules.filter(({ ignoreCase = false }) => !ignoreCase);
  const folded = rules.filter(({ ignoreCase = false }) => ignoreCase);
  const [anyExact, anyFolded] = [exact, folded].map(
    (group) =>
      new RegExp([...new Set(group.flatMap(({ hints }) => hints))].map(escapeLiteral).join('|') || '$^'),
  );
  return (text) => {
    const lowerCase = text.toLowerCase();
    const candidates = [
      ...(anyExact?.test(text) ? exact.filter((rule) => hasHint(rule, text)) : []),
      ...(anyFolded?.test(lowerCase) ? folded.filter((rule) => hasHint(rule, lowerCase)) : []),
    ];
    return {
      safe: isSafe(text),
      candidates: candidates.map((rule) => ({ rule })),
      decoded: () => decodedIn(text),
    };
  };
}

function* decodedIn(text: string): Generator<Haystack> {
  if (hasEscapes(text)) yield* withoutEscapes(text);
  const runs = [...text.matchAll(SHORT_RUN)].map(({ index }) => index);
  yield* decodedRuns(text, runs);
}

/** True when something in the text may be written in another encoding. */
export const isEncoded = (text: string): boolean => decodedIn(text).next().done !== true;

/** True when a hint of the rule stands in the text; the text is in lower case for a rule that ignores case. */
export const hasHint = ({ hints }: RedactionRule, text: string): boolean =>
  hints.some((hint) => text.includes(hint));

/** One pass for all hints of all rules. */
function lookAtLong(rules: readonly RedactionRule[]): QuickLook {
  // The scanner folds ASCII alone.
  const always = rules.filter((rule) => rule.ignoreCase === true && !rule.hints.every(isAscii));
  const scanned = rules.filter((rule) => !always.includes(rule));
  const hints = hintsOf(scanned);
  const scan = createScanner(hints);
  return (text) => {
    const { plain, places, encoded } = scan(text);
    const byRule = new Map<RedactionRule, readonly number[]>();
    let hasEscape = false;
    for (const [index, found] of places) {
      const hint = hints[index];
      if (hint?.isEscape === true) hasEscape = true;
      for (const rule of hint?.rules ?? []) {
        const before = byRule.get(rule);
        byRule.set(rule, before ? [...before, ...found] : found);
      }
    }
    const candidates = [...byRule].map(([rule, found]) => ({ rule, places: inOrder(found) }));
    return {
      safe: plain || isSafe(text),
      candidates: [...candidates, ...always.map((rule) => ({ rule }))],
      *decoded() {
        if (hasEscape) yield* withoutEscapes(text);
        yield* decodedRuns(text, encoded);
      },
    };
  };
}

interface SharedHint {
  readonly literal: string;
  readonly ignoreCase: boolean;
  readonly rules: RedactionRule[];
  readonly isEscape: boolean;
}

/** Each literal once, however many rules have it. */
function hintsOf(rules: readonly RedactionRule[]): SharedHint[] {
  const hints = new Map<string, SharedHint>(
    ESCAPE_HINTS.map((literal) => [
      `escape ${literal}`,
      { literal, ignoreCase: true, rules: [], isEscape: true },
    ]),
  );
  for (const rule of rules)
    for (const literal of rule.hints) {
      const ignoreCase = rule.ignoreCase === true;
      const key = `${ignoreCase} ${literal}`;
      const known = hints.get(key);
      if (known) known.rules.push(rule);
      else hints.set(key, { literal, ignoreCase, rules: [rule], isEscape: false });
    }
  return [...hints.values()];
}

function inOrder(places: readonly number[]): readonly number[] {
  const isSorted = places.every((place, index) => index === 0 || (places[index - 1] ?? 0) <= place);
  return isSorted ? places : places.toSorted((one, other) => one - other);
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
