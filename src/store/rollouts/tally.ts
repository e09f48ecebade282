/** How often something was met, and the first few places. */
export interface Tally {
  readonly count: number;
  readonly sample: readonly string[];
}

export interface OpenTally extends Tally {
  add(place: string): void;
}

/** Enough to recognise a pattern; a report is not a directory listing. */
const SAMPLE_SIZE = 5;

export function createTally(): OpenTally {
  const sample: string[] = [];
  let count = 0;
  return {
    get count() {
      return count;
    },
    sample,
    add(place) {
      count += 1;
      if (sample.length < SAMPLE_SIZE) sample.push(place);
    },
  };
}

/** Plain data, for evidence that has to survive serialisation. */
export const closeTally = ({ count, sample }: Tally): Tally => ({ count, sample: [...sample] });
