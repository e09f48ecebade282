import { haystacksOf } from './control.ts';
import { SECRET_RULES } from './rules.ts';
import { escapeLiteral } from './rules/rule.ts';
import type { Range, RedactionRule } from './rules/rule.ts';

/** A stretch of text that must not be shown. */
export interface Finding extends Range {
  /** Id of the rule. */
  readonly rule: string;
}

interface Match extends Range {
  readonly rule: RedactionRule;
  readonly rank: number;
}

/** What {@link findAll} gives back: the rule is needed for how it is shown, the secret for who it is. */
export interface Cut extends Range {
  readonly rule: RedactionRule;
  /** The text that the most specific rule found; the stretch can be longer where several overlap. */
  readonly secret: string;
}

let secretFinder: ReturnType<typeof createFinder> | undefined;

/** Where secrets stand in a text, in its order, without overlaps. Nothing is said of what they are. */
export function findSecrets(text: string): Finding[] {
  secretFinder ??= createFinder(SECRET_RULES);
  return secretFinder(text).map(({ rule, start, end }) => ({ rule: rule.id, start, end }));
}

/** What a redactor leaves behind; it is never looked into, so that redacting again changes nothing. */
export const PLACEHOLDER = /<[a-z]+(?:-[a-z]+)*:\d{1,9}>/g;
/** Stands for what is already hidden while rules look; a private character that no rule knows. */
const FILLER = '\ue000';

/** Finds what must not be shown in a text, in its order, without overlaps. */
export type Finder = (text: string) => Cut[];

/** Prepares the rules once: one pass over a clean text then tells that most of them need not look. */
export function createFinder(rules: readonly RedactionRule[]): Finder {
  const ranks = new Map(rules.map((rule, rank) => [rule, rank]));
  const exact = quickLook(rules.filter((rule) => !rule.ignoreCase));
  const folded = quickLook(rules.filter((rule) => rule.ignoreCase));
  return (text) => {
    const matches: Match[] = [];
    const holes: Range[] = [];
    const cover = (placeholder: string, offset: number): string => {
      holes.push({ start: offset, end: offset + placeholder.length });
      return FILLER.repeat(placeholder.length);
    };
    const covered = text.includes('<') ? text.replaceAll(PLACEHOLDER, cover) : text;
    for (const { text: haystack, originalOffset } of haystacksOf(covered)) {
      const candidates = [...exact(haystack), ...folded(haystack.toLowerCase())];
      for (const rule of candidates)
        for (const { start, end } of rule.find(haystack))
          matches.push({
            rule,
            rank: ranks.get(rule) ?? 0,
            start: originalOffset(start),
            end: originalOffset(end - 1) + 1,
          });
    }
    return matches.length === 0 ? [] : cutsOf(text, withoutHoles(matches, holes));
  };
}

/** Rules of which a hint stands in the text; for most texts one regular expression says that there is none. */
function quickLook(rules: readonly RedactionRule[]): (text: string) => readonly RedactionRule[] {
  let any: RegExp | undefined;
  return (text) => {
    any ??= new RegExp(
      [...new Set(rules.flatMap((rule) => rule.hints))].map(escapeLiteral).join('|') || '$^',
    );
    return any.test(text) ? rules.filter((rule) => hasHint(rule, text)) : [];
  };
}

const hasHint = ({ hints }: RedactionRule, text: string): boolean =>
  hints.some((hint) => text.includes(hint));

/** A finder for known texts. */
export interface NarrowFinder {
  readonly find: Finder;
  /** False for a text of these in which there is nothing to hide and nothing to make visible. */
  readonly concerns: (text: string) => boolean;
}

/**
 * A finder for just these texts. Asked once for a whole report, each rule tells whether it finds anything there at all;
 * most find nothing and never see one of its strings. Where control characters can hide a hint, all rules stay.
 */
export function narrowFinder(rules: readonly RedactionRule[], texts: readonly string[]): NarrowFinder {
  const joined = texts.join(BETWEEN_TEXTS);
  if (haystacksOf(joined).length > 1) return { find: createFinder(rules), concerns: () => true };
  const folded = joined.toLowerCase();
  const busy = rules.filter(
    (rule) => hasHint(rule, rule.ignoreCase ? folded : joined) && [...rule.find(joined)].length > 0,
  );
  // A placeholder of an earlier redaction is only told from other text by the finder.
  const hints = new RegExp(['<', ...busy.flatMap((rule) => rule.hints)].map(escapeLiteral).join('|'), 'i');
  return { find: createFinder(busy), concerns: (text) => hints.test(text) };
}

/** Ends every token, value and line, so that a rule finds in a joined text whatever it finds in its parts. */
const BETWEEN_TEXTS = '\n\n';

export const WORTH_HIDING = /[A-Za-z0-9\u00a1-\uffff]/;

/** Leaves out what is hidden already. The holes are in the order of the text. */
function withoutHoles(matches: readonly Match[], holes: readonly Range[]): readonly Match[] {
  if (holes.length === 0) return matches;
  return matches.flatMap((match) => {
    const pieces: Match[] = [];
    let start = match.start;
    for (let index = firstEndingAfter(holes, start); index < holes.length; index += 1) {
      const hole = holes[index];
      if (!hole || hole.start >= match.end) break;
      pieces.push({ ...match, start, end: Math.max(start, hole.start) });
      start = hole.end;
    }
    pieces.push({ ...match, start, end: Math.max(start, match.end) });
    return pieces;
  });
}

function firstEndingAfter(ranges: readonly Range[], offset: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Joins what overlaps; the most specific rule gives its name. */
function cutsOf(text: string, matches: readonly Match[]): Cut[] {
  const sorted = matches
    .filter(({ start, end }) => WORTH_HIDING.test(text.slice(start, end)))
    .toSorted((a, b) => a.start - b.start || a.rank - b.rank);
  const groups: { start: number; end: number; best: Match }[] = [];
  for (const match of sorted) {
    const group = groups.at(-1);
    if (!group || match.start >= group.end) groups.push({ start: match.start, end: match.end, best: match });
    // `name:password@host` looks like an address too, but its host is to stay readable.
    else if (match.rule.id !== 'email' || text.charAt(group.end) !== '@') {
      group.end = Math.max(group.end, match.end);
      if (match.rank < group.best.rank) group.best = match;
    }
  }
  return groups.map(({ start, end, best }) => ({
    start,
    end,
    rule: best.rule,
    secret: text.slice(best.start, best.end),
  }));
}
