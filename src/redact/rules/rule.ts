/** A stretch of text, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One kind of thing that is hidden. The id is what the placeholder and the ledger say. */
export interface RedactionRule {
  readonly id: string;
  /** What it finds, for people. */
  readonly finds: string;
  /** One of these stands in every text in which the rule can find something; lower case when `ignoreCase`. */
  readonly hints: readonly string[];
  readonly ignoreCase?: boolean;
  /**
   * It finds values behind names. Its hints are last words of names: it need not see one that goes on in a letter or digit,
   * nor one behind whose name no value can stand.
   */
  readonly findsValues?: boolean;
  /** What is shown instead; without it a numbered placeholder such as `<email:1>`. */
  readonly shownAs?: string;
  /** Found by it is all but certain to be a secret: a provider's own key format, a private key. */
  readonly confident?: boolean;
  /**
   * Finds every occurrence, in time proportional to the text.
   * @param places where the hints of the rule stand, in the order of the text; without them it looks everywhere
   */
  find(text: string, places?: readonly number[]): Iterable<Range>;
}

/** An escape that is written out: what follows it begins a word, although the escape itself ends in a letter or digit. */
const WRITTEN_ESCAPE = /(?:\\[nrtbf]|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|%[0-9a-f]{2}|\[[0-9;]{0,16}m)$/i;
const LONGEST_ESCAPE = 18;

/** The same within a pattern: a place behind an escape that is written out. */
export const AFTER_ESCAPE = String.raw`(?<=\\[nrtbf]|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2})`;

const LETTER = /[A-Za-z]/;

/** True where a token may begin: not in the middle of a word, though a written escape (`\n`, `%3D`) is no word. */
export function isTokenStart(text: string, index: number): boolean {
  const before = text[index - 1];
  return before === undefined || !LETTER.test(before) || isAfterEscape(text, index);
}

/** True where an escape that is written out ends. */
export function isAfterEscape(text: string, index: number): boolean {
  return WRITTEN_ESCAPE.test(text.slice(Math.max(0, index - LONGEST_ESCAPE), index));
}

/** Makes a literal part of a pattern. */
export function escapeLiteral(literal: string): string {
  return literal.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

/** What a pattern found, for a second look. */
export interface Found extends Range {
  readonly secret: string;
  readonly text: string;
  /** Where the whole match begins; the secret may be only a part of it. */
  readonly matchStart: number;
}

interface Pattern {
  readonly source: string;
  /** `g` is implied. */
  readonly flags?: string;
  /** Says no to what only looks like it. */
  readonly accepts?: (found: Found) => boolean;
  /** A match always begins where a hint does: it is looked for there alone, and the three distances mean nothing. */
  readonly beginsWithHint?: boolean;
  /** Says quickly of most places of hints that nothing is there. */
  readonly mayStandAt?: (text: string, place: number) => boolean;
  /** How far in front of a hint a match may begin. */
  readonly before?: number;
  /** How far behind the beginning of a hint a match may need to go to be one; what then repeats may go on. */
  readonly after?: number;
  /** How far a match looks at what stands behind it. */
  readonly lookAhead?: number;
}

/** More than most patterns need. */
const REACH = { before: 256, after: 768, lookAhead: 8 };
/** More than any pattern looks back at. */
const LOOK_BACK = 24;

/**
 * Finds by regular expression, compiled at first use. The secret is the group `secret`, with which the match begins or ends,
 * or else the whole match. The pattern must be linear: after a prefix that can repeat, nothing may follow that fails beyond
 * a fixed distance.
 */
export function byPattern({
  source,
  flags = '',
  accepts = () => true,
  mayStandAt,
  beginsWithHint = false,
  ...own
}: Pattern): RedactionRule['find'] {
  const reach = { ...REACH, ...own };
  let [anywhere, here]: (RegExp | undefined)[] = [];
  return (text, places) => {
    const found: Range[] = [];
    const add = (match: RegExpExecArray, from: number): void => {
      const [whole] = match;
      const secret = match.groups?.['secret'] ?? whole;
      const matchStart = from + match.index;
      const start = whole.endsWith(secret) ? matchStart + whole.length - secret.length : matchStart;
      const end = start + secret.length;
      if (start < end && accepts({ secret, text, start, end, matchStart })) found.push({ start, end });
    };
    const worthwhile = mayStandAt ? places?.filter((place) => mayStandAt(text, place)) : places;
    if (worthwhile && beginsWithHint) {
      here ??= new RegExp(source, `y${flags}`);
      for (const match of matchesAt(text, here, worthwhile)) add(match, 0);
      return found;
    }
    anywhere ??= new RegExp(source, `g${flags}`);
    if (worthwhile) eachMatchNear(text, anywhere, { places: worthwhile, reach, add });
    else for (const match of text.matchAll(anywhere)) add(match, 0);
    return found;
  };
}

/** What begins at one of these places; a match is never looked into again. */
function matchesAt(text: string, pattern: RegExp, places: readonly number[]): RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  let reached = 0;
  for (const place of places) {
    if (place < reached) continue;
    pattern.lastIndex = place;
    const match = pattern.exec(text);
    if (!match) continue;
    matches.push(match);
    reached = pattern.lastIndex;
  }
  return matches;
}

interface Near {
  readonly places: readonly number[];
  readonly reach: Required<Pick<Pattern, 'before' | 'after' | 'lookAhead'>>;
  readonly add: (match: RegExpExecArray, from: number) => void;
}

/** The same matches, looked for only where hints stand: a stretch of text around each group of them is cut out for the pattern. */
function eachMatchNear(text: string, pattern: RegExp, { places, reach, add }: Near): void {
  const { before, after, lookAhead } = reach;
  let reached = 0;
  for (let index = 0; index < places.length;) {
    const from = Math.max(0, (places[index] ?? 0) - before - LOOK_BACK);
    let last = places[index] ?? 0;
    for (index += 1; (places[index] ?? Infinity) - last <= before + after; index += 1)
      last = places[index] ?? last;
    if (last < reached) continue;
    for (let length = after; ; length *= 2) {
      const to = Math.min(text.length, last + length);
      const found = matchesWithin(text.slice(from, to), pattern, { from, start: reached });
      const end = endOfLast(found);
      // What ends near the cut may go on behind it.
      if (to < text.length && from + end + lookAhead >= to) continue;
      for (const match of found) add(match, from);
      reached = Math.max(reached, from + end);
      break;
    }
  }
}

function endOfLast(matches: readonly RegExpExecArray[]): number {
  const last = matches.at(-1);
  return last ? last.index + last[0].length : 0;
}

function matchesWithin(
  stretch: string,
  pattern: RegExp,
  { from, start }: { readonly from: number; readonly start: number },
): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = Math.max(0, start - from);
  for (let match = pattern.exec(stretch); match; match = pattern.exec(stretch)) {
    // It may begin here only because what stands in front was cut off.
    if (match.index < LOOK_BACK && from > 0) pattern.lastIndex = match.index + 1;
    else found.push(match);
  }
  return found;
}
