/** A file to be read, and how much of it. Index into the list that was given. */
export interface Selected {
  readonly index: number;
  readonly extent: 'whole' | 'ends';
}

export interface SelectionLimits {
  /** The newest files: what the user was doing when it broke. */
  readonly newest: number;
  /** Further files, evenly spread over the rest. */
  readonly spread: number;
  readonly endBytes: number;
  /** For all files together; what the ends leave over goes to whole files, newest first. */
  readonly totalBytes: number;
}

/** An array, or what answers like one. */
interface Sizes {
  readonly length: number;
  at(index: number): number | undefined;
}

/** Picks the files of a sample. The same list gives the same sample, so that two runs can be compared. */
export function selectSample(sizes: Sizes, limits: SelectionLimits): Selected[] {
  const { newest, spread, endBytes, totalBytes } = limits;
  const indexes = Array.from({ length: Math.min(newest, sizes.length) }, (_, index) => index);
  const rest = sizes.length - indexes.length;
  const more = Math.min(spread, rest);
  for (let number = 0; number < more; number += 1)
    indexes.push(newest + Math.floor(((number + 0.5) * rest) / more));
  const endsOf = (index: number): number => Math.min(sizes.at(index) ?? 0, 2 * endBytes);
  let left = totalBytes - indexes.reduce((sum, index) => sum + endsOf(index), 0);
  return indexes.map((index) => {
    const further = (sizes.at(index) ?? 0) - endsOf(index);
    if (further > left) return { index, extent: 'ends' };
    left -= further;
    return { index, extent: 'whole' };
  });
}
