/** How two lines may be alike, from strict to lenient. A later one is tried only when no place at all fits an earlier one. */
const LIKENESS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
  (line) => folded(line.trim()),
];

/** Typographic characters that models write as plain ones, or the other way round. */
const FOLDS: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u2018-\u201B]/g, "'"],
  [/[\u201C-\u201F]/g, '"'],
  [/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, ' '],
];

const folded = (line: string): string => FOLDS.reduce((text, [from, to]) => text.replaceAll(from, to), line);

export interface Search {
  /** Index of the first line that may be the place. */
  readonly from: number;
  /** Only the end of the file may be the place. */
  readonly atEnd: boolean;
}

/** Finds consecutive lines in one file. */
export interface LineFinder {
  /**
   * Index of the first of the wanted lines (spec/agent-core.md 2.3): exactly, else without regard to trailing blanks, to
   * surrounding blanks, to typography; undefined when there is no such place.
   */
  find(wanted: readonly string[], search: Search): number | undefined;
}

export function createLineFinder(lines: readonly string[]): LineFinder {
  // A large file is brought into each form once, and most patches need the first only.
  const forms: (readonly string[])[] = [];
  return {
    find(wanted, { from, atEnd }) {
      const last = lines.length - wanted.length;
      const first = atEnd ? Math.max(from, last) : from;
      for (const [level, alike] of LIKENESS.entries()) {
        const file = (forms[level] ??= lines.map(alike));
        const keys = wanted.map(alike);
        for (let start = first; start <= last; start += 1)
          if (keys.every((key, offset) => file[start + offset] === key)) return start;
      }
      return undefined;
    },
  };
}
