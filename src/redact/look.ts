import { isSafe, SEQUENCE_HINTS } from './control.ts';
import type { Obstacles } from './control.ts';
import type { Haystack } from './decode/pieces.ts';
import { ESCAPE_HINTS, placesOfEscapes, withoutEscapes } from './decode/escapes.ts';
import { decodedRuns } from './decode/runs.ts';
import { outside, PLACEHOLDER_ENDS } from './placeholder.ts';
import { escapeLiteral } from './rules/rule.ts';
import type { Range, RedactionRule } from './rules/rule.ts';
import type { Hint } from './scan/keys.ts';
import { createScanner } from './scan/scanner.ts';

/** A rule of which a hint stands in a text, and where; without places it looks for itself. */
export interface Candidate {
  readonly rule: RedactionRule;
  readonly places?: readonly number[];
}

/** What a quick look at a text tells. */
export interface Look {
  /** Nothing in the text has to be made visible. */
  readonly safe: boolean;
  /** Without them it takes a closer look. */
  readonly obstacles?: Obstacles;
  readonly candidates: readonly Candidate[];
  /** Where text in another encoding may stand; without places it is looked for. */
  readonly encoded?: Encoded;
  /** Where placeholders may end; without places they are looked for. */
  readonly placeholderEnds?: readonly number[];
}

interface Encoded {
  /** Where escapes may begin. */
  readonly escapes: readonly number[];
  /** A place in each run that may be text in base64 or hexadecimal. */
  readonly runs: readonly number[];
}

export type QuickLook = (text: string) => Look;

/** Below this, asking for each hint costs less than making a scanner does. */
const MIN_SCANNED_LENGTH = 2_048;
/** The same once there is a scanner. */
const MIN_LENGTH_WITH_SCANNER = 16;

/** For most texts, or most of a long one, a quick look says that there is nothing. */
export function createQuickLook(rules: readonly RedactionRule[]): QuickLook {
  let [short, long]: (QuickLook | undefined)[] = [];
  return (text) => {
    const isShort = text.length < (long ? MIN_LENGTH_WITH_SCANNER : MIN_SCANNED_LENGTH);
    return isShort ? (short ??= lookAtShort(rules))(text) : (long ??= lookAtLong(rules))(text);
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
    };
  };
}

/** What stands in a text in another encoding. */
export function* decodedIn(text: string, { escapes, runs }: Encoded = encodedIn(text)): Generator<Haystack> {
  yield* withoutEscapes(text, escapes);
  yield* decodedRuns(text, runs);
}

const encodedIn = (text: string): Encoded => ({
  escapes: placesOfEscapes(text),
  runs: Array.from(text.matchAll(SHORT_RUN), ({ index }) => index),
});

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
  const [escapes, sequences, ends] = [scanned.length, scanned.length + 1, scanned.length + 2];
  const scan = createScanner(
    sharedHints([
      ...scanned,
      { hints: ESCAPE_HINTS, ignoreCase: true },
      { hints: SEQUENCE_HINTS, ignoreCase: true },
      { hints: PLACEHOLDER_ENDS },
    ]),
  );
  return (text) => {
    const { unsafe, invalid, places, filled, encoded } = scan(text);
    const candidates: Candidate[] = always.map((rule) => ({ rule }));
    for (const list of filled) {
      const [rule, found] = [scanned[list], places[list]];
      if (rule && found) candidates.push({ rule, places: found });
    }
    return {
      safe: unsafe.length === 0,
      obstacles: { unsafe, splitting: merged(merged(unsafe, invalid), places[sequences] ?? []) },
      candidates,
      encoded: { escapes: places[escapes] ?? [], runs: encoded },
      placeholderEnds: places[ends] ?? [],
    };
  };
}

/** What is left of a look once these stretches of the text are covered. */
export function lookOutside(look: Look, holes: readonly Range[]): Look {
  if (holes.length === 0) return look;
  const { encoded, candidates } = look;
  return {
    ...look,
    candidates: candidates.flatMap(({ rule, places }) => {
      if (!places) return [{ rule }];
      const rest = outside(places, holes);
      return rest.length === 0 ? [] : [{ rule, places: rest }];
    }),
    ...(encoded && {
      encoded: { escapes: outside(encoded.escapes, holes), runs: outside(encoded.runs, holes) },
    }),
  };
}

/** Places of two lists in one, each once. */
function merged(ones: readonly number[], others: readonly number[]): readonly number[] {
  if (ones.length === 0) return others;
  if (others.length === 0) return ones;
  const places: number[] = [];
  for (let [one, other] = [0, 0]; one < ones.length || other < others.length;) {
    const [first, second] = [ones[one] ?? Infinity, others[other] ?? Infinity];
    places.push(Math.min(first, second));
    if (first <= second) one += 1;
    if (second <= first) other += 1;
  }
  return places;
}

/** Each literal once, however many lists have it. */
function sharedHints(lists: readonly Pick<RedactionRule, 'hints' | 'ignoreCase' | 'findsValues'>[]): Hint[] {
  const hints = new Map<string, Hint & { readonly lists: number[] }>();
  for (const [list, { hints: literals, ignoreCase = false, findsValues = false }] of lists.entries())
    for (const literal of new Set(literals)) {
      const key = `${ignoreCase} ${findsValues} ${literal}`;
      const known = hints.get(key);
      if (known) known.lists.push(list);
      else hints.set(key, { literal, ignoreCase, isInName: findsValues, lists: [list] });
    }
  return [...hints.values()];
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
