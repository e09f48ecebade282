/** What feedback may be about, and how it is told (spec/observability.md 6). Any other word counts as `other`. */
const DISPLAYED: ReadonlyMap<string, string> = new Map([
  ['bug', 'Bug'],
  ['bad_result', 'Bad result'],
  ['good_result', 'Good result'],
  ['safety_check', 'Safety check'],
  ['other', 'Other'],
]);

/** In the order in which they are offered. */
export const CLASSIFICATIONS: readonly string[] = [...DISPLAYED.keys()];

export const displayOf = (classification: string): string => DISPLAYED.get(classification) ?? 'Other';

const FAULTS: ReadonlySet<string> = new Set(['bug', 'bad_result', 'safety_check']);

/** Level of the event. */
export const levelOf = (classification: string): 'error' | 'info' =>
  FAULTS.has(classification) ? 'error' : 'info';
