/** How long a text is, in what its reader counts. */
export type SizeOf = (text: string) => number;

export interface Fitted {
  /** What there is room for, from the first on. */
  readonly shown: readonly string[];
  readonly leftOut: number;
}

/** The first parts that fit into `budget` together, with a line feed after each. */
export function fitting(parts: readonly string[], budget: number, sizeOf: SizeOf): Fitted {
  let left = budget;
  const end = parts.findIndex((part) => {
    left -= sizeOf(part) + 1;
    return left < 0;
  });
  const shown = end < 0 ? parts : parts.slice(0, end);
  return { shown, leftOut: parts.length - shown.length };
}
