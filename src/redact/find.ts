import { haystacksOf, isSafe } from './control.ts';
import type { Haystack } from './decode/pieces.ts';
import { createQuickLook, decodedIn, hasHint, isEncoded, lookOutside } from './look.ts';
import type { Look } from './look.ts';
import { covered, FILLER, placeholdersIn } from './placeholder.ts';
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
  /** What was found, as it is meant: decoded, and without what splits it. */
  readonly secret: string;
}

/** What {@link findAll} gives back: the rule is needed for how it is shown, the secret for who it is. */
export interface Cut extends Range {
  readonly rule: RedactionRule;
  /** What the most specific rule found, decoded; the stretch can be longer where several overlap. */
  readonly secret: string;
}

let secretFinder: ReturnType<typeof createFinder> | undefined;

/** Where secrets stand in a text, in its order, without overlaps. Nothing is said of what they are. */
export function findSecrets(text: string): Finding[] {
  secretFinder ??= createFinder(SECRET_RULES);
  return secretFinder(text).cuts.map(({ rule, start, end }) => ({ rule: rule.id, start, end }));
}

/** What {@link Finder} sees in a text. */
export interface Sight {
  /** In the order of the text, without overlaps. */
  readonly cuts: readonly Cut[];
  /** Nothing in the text needs `visible`. */
  readonly safe: boolean;
  /** Where what needs it begins, if that is known. */
  readonly unsafe: readonly number[] | undefined;
}

/** Finds what must not be shown in a text. */
export type Finder = (text: string) => Sight;

/** Base64 in percent-encoding in JSON: no program that writes logs goes further. */
const MAX_DECODINGS = 3;

/** Prepares the rules once: a quick look at a text then tells that most of them need not search it. */
export function createFinder(rules: readonly RedactionRule[]): Finder {
  const ranks = new Map(rules.map((rule, rank) => [rule, rank]));
  const lookAt = createQuickLook(rules);

  const matchesIn = (text: string, look: Look, decodings: number): Match[] => {
    const matches: Match[] = [];
    const add = (haystack: Haystack, rule: RedactionRule, range: Range): void => {
      matches.push({
        rule,
        rank: ranks.get(rule) ?? 0,
        start: haystack.originalOffset(range.start),
        end: haystack.originalEnd(range.end),
        secret: haystack.text.slice(range.start, range.end),
      });
    };
    for (const [index, haystack] of haystacksOf(text, look.obstacles).entries()) {
      // The first form is as long as the text, and its hints stand where they stand in the text.
      const seen = index === 0 && (look.safe || look.obstacles) ? look : lookAt(haystack.text);
      for (const { rule, places } of seen.candidates)
        for (const range of rule.find(haystack.text, places)) add(haystack, rule, range);
      if (decodings === MAX_DECODINGS) continue;
      for (const decoded of decodedIn(haystack.text, seen.encoded))
        for (const match of matchesIn(decoded.text, lookAt(decoded.text), decodings + 1)) {
          const start = haystack.originalOffset(decoded.originalOffset(match.start));
          matches.push({ ...match, start, end: haystack.originalEnd(decoded.originalEnd(match.end)) });
        }
    }
    return matches;
  };

  return (text) => {
    const seen = lookAt(text);
    const holes = placeholdersIn(text, seen.placeholderEnds);
    const open = covered(text, holes);
    const matches = matchesIn(open, lookOutside(seen, holes), 0);
    let cuts = matches.length === 0 ? [] : cutsOf(text, withoutHoles(matches, holes));
    let fresh = cuts;
    for (let round = 0; round < MAX_ROUNDS && fresh.length > 0; round += 1) {
      const known = new Set(cuts.map(({ start }) => start));
      const more = neighboursOf(open, { cuts, fresh }).flatMap(({ slice, offset }) =>
        matchesIn(slice, lookAt(slice), 0).map((match) => ({
          ...match,
          start: match.start + offset,
          end: match.end + offset,
        })),
      );
      if (more.length === 0) break;
      matches.push(...more);
      cuts = cutsOf(text, withoutHoles(matches, holes));
      fresh = cuts.filter(({ start }) => !known.has(start));
    }
    return { cuts, safe: seen.safe, unsafe: seen.safe ? [] : seen.obstacles?.unsafe };
  };
}

/** Each round hides something that touches what the one before hid. */
const MAX_ROUNDS = 8;
/** What separates words for every rule. */
const NO_SEPARATOR = /[^\s"'`<>()[\]{},;:=&|\\]/;
/** What these hide is a part of something longer, so that its neighbours say nothing. */
const WITHIN_OTHERS: ReadonlySet<string> = new Set([
  'home-directory',
  'user',
  'url-credentials',
  'url-value',
]);
const IN_WORD = /\w/;

function touchesWord(text: string, { start, end, rule }: Cut): boolean {
  const touching = WITHIN_OTHERS.has(rule.id) ? IN_WORD : NO_SEPARATOR;
  return touching.test(text.charAt(start - 1)) || touching.test(text.charAt(end));
}

/** So far from a cut a word may end that begins beside it. */
const NEIGHBOURHOOD = 512;

/** What stands around new cuts that touch a word, all cuts covered: once they are hidden, the word is one of its own. */
function neighboursOf(
  text: string,
  { cuts, fresh }: { readonly cuts: readonly Cut[]; readonly fresh: readonly Cut[] },
): { readonly slice: string; readonly offset: number }[] {
  const ranges: { start: number; end: number }[] = [];
  for (const cut of fresh) {
    if (!touchesWord(text, cut)) continue;
    const [start, end] = [Math.max(0, cut.start - NEIGHBOURHOOD), cut.end + NEIGHBOURHOOD];
    const last = ranges.at(-1);
    if (last && last.end >= start) last.end = end;
    else ranges.push({ start, end });
  }
  let index = 0;
  return ranges.map(({ start, end }) => {
    const pieces: string[] = [];
    let position = start;
    while ((cuts[index]?.end ?? Infinity) <= start) index += 1;
    for (let at = index; (cuts[at]?.start ?? Infinity) < end; at += 1) {
      const cut = cuts[at] ?? { start: end, end };
      pieces.push(text.slice(position, cut.start), FILLER.repeat(cut.end - Math.max(cut.start, position)));
      position = cut.end;
    }
    return { slice: [...pieces, text.slice(position, end)].join(''), offset: start };
  });
}

/** A finder for known texts. */
export interface NarrowFinder {
  readonly find: Finder;
  /** False for a text of these in which there is nothing to hide and nothing to make visible. */
  readonly concerns: (text: string) => boolean;
}

/**
 * A finder for just these texts. Asked once for a whole report, each rule tells whether it finds anything there at all;
 * most find nothing and never see one of its strings. Where control characters or another encoding can hide a hint, all
 * rules stay.
 */
export function narrowFinder(
  { rules, find }: { readonly rules: readonly RedactionRule[]; readonly find: Finder },
  texts: readonly string[],
): NarrowFinder {
  const joined = texts.join(BETWEEN_TEXTS);
  const all = { find, concerns: () => true };
  // A carriage return hides no hint, but is to be made visible.
  if (!isSafe(joined) || haystacksOf(joined).length > 1 || isEncoded(joined)) return all;
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
    secret: best.secret.includes(FILLER) ? text.slice(best.start, best.end) : best.secret,
  }));
}
