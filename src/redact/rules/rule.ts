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
  /** What is shown instead; without it a numbered placeholder such as `<email:1>`. */
  readonly shownAs?: string;
  /** Finds every occurrence, in time proportional to the text. */
  find(text: string): Iterable<Range>;
}

/** An escape that is written out: what follows it begins a word, although the escape itself ends in a letter or digit. */
const WRITTEN_ESCAPE = /(?:\\[nrtbf]|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|%[0-9a-f]{2}|\[[0-9;]{0,16}m)$/i;
const LONGEST_ESCAPE = 18;

/** The same within a pattern: a place behind an escape that is written out. */
export const AFTER_ESCAPE = String.raw`(?<=\\[nrtbf]|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2})`;

/** True where a token may begin: not in the middle of a word, though a written escape (`\n`, `%3D`) is no word. */
export function isTokenStart(text: string, index: number): boolean {
  const before = text[index - 1];
  if (before === undefined || !/[A-Za-z0-9]/.test(before)) return true;
  return /\d/.test(before) || isAfterEscape(text, index);
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
}

/**
 * Finds by regular expression, compiled at first use. The secret is the group `secret`, or else the whole match. The
 * pattern must be linear: after a prefix that can repeat, nothing may follow that fails beyond a fixed distance.
 */
export function byPattern({ source, flags = '', accepts = () => true }: Pattern): RedactionRule['find'] {
  let compiled: RegExp | undefined;
  return function* find(text): Generator<Range> {
    compiled ??= new RegExp(source, `dg${flags}`);
    for (const match of text.matchAll(compiled)) {
      const matchStart = match.index;
      const [start, end] = match.indices?.groups?.['secret'] ?? [matchStart, matchStart + match[0].length];
      if (start < end && accepts({ secret: text.slice(start, end), text, start, end, matchStart }))
        yield { start, end };
    }
  };
}
