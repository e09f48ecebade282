import { isSafe, SEQUENCE_HINTS } from './control.ts';
import type { Haystack } from './decode/pieces.ts';
import { ESCAPE_HINTS, placesOfEscapes, withoutEscapes } from './decode/escapes.ts';
import { decodedRuns } from './decode/runs.ts';
import { escapeLiteral } from './rules/rule.ts';
import type { RedactionRule } from './rules/rule.ts';
import { createScanner } from './scan/scanner.ts';
import type { Hint } from './scan/scanner.ts';

/** A rule of which a hint stands in a text, and where; without places it looks for itself. */
export interface Candidate {
  readonly rule: RedactionRule;
  readonly places?: readonly number[];
}

/** What a quick look at a text tells. */
export interface Look {
  /** False where the text holds characters that must not reach a terminal. */
  readonly safe: boolean;
  /** Where something may stand in the middle of a word that is not of it; without places it takes a closer look. */
  readonly sequences?: readonly number[];
  readonly candidates: readonly Candidate[];
  /** What stands in the text in another encoding. */
  readonly decoded: () => Iterable<Haystack>;
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
      decoded: () => decodedIn(text),
    };
  };
}

function* decodedIn(text: string): Generator<Haystack> {
  yield* withoutEscapes(text, placesOfEscapes(text));
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
  const [escapes, sequences] = [scanned.length, scanned.length + 1];
  const scan = createScanner(
    sharedHints([
      ...scanned,
      { hints: ESCAPE_HINTS, ignoreCase: true },
      { hints: SEQUENCE_HINTS, ignoreCase: true },
    ]),
  );
  return (text) => {
    const { safe, invalid, places, encoded } = scan(text);
    const candidates: Candidate[] = always.map((rule) => ({ rule }));
    for (let list = 0; list < scanned.length; list += 1) {
      const found = places[list];
      const rule = found && scanned[list];
      if (rule) candidates.push({ rule, places: found });
    }
    return {
      safe,
      ...(safe && !invalid ? { sequences: places[sequences] ?? [] } : {}),
      candidates,
      *decoded() {
        yield* withoutEscapes(text, places[escapes] ?? []);
        yield* decodedRuns(text, encoded);
      },
    };
  };
}

/** Each literal once, however many lists have it. */
function sharedHints(lists: readonly Pick<RedactionRule, 'hints' | 'ignoreCase'>[]): Hint[] {
  const hints = new Map<string, Hint & { readonly lists: number[] }>();
  for (const [list, { hints: literals, ignoreCase = false }] of lists.entries())
    for (const literal of new Set(literals)) {
      const key = `${ignoreCase} ${literal}`;
      const known = hints.get(key);
      if (known) known.lists.push(list);
      else hints.set(key, { literal, ignoreCase, lists: [list] });
    }
  return [...hints.values()];
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);
