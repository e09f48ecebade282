import { closest, distance } from 'fastest-levenshtein';
import type { Check } from './check.ts';
import { idMatcher } from './glob.ts';

export interface Selection {
  /** Ids or globs to run; empty means all. */
  readonly only: readonly string[];
  /** Ids or globs to leave out; wins over `only`. */
  readonly skip: readonly string[];
}

export type SelectionResult =
  | {
      readonly kind: 'selected';
      readonly ids: ReadonlySet<string>;
      /** What `skip` names. */
      readonly unwanted: ReadonlySet<string>;
    }
  /** A pattern that matches nothing: almost always a typing mistake, so nothing is run. */
  | { readonly kind: 'unknown'; readonly pattern: string; readonly suggestion: string | undefined };

/** Which checks to run. Patterns are globs on ids (`state.*`); each may itself be a comma-separated list. */
export async function selectChecks(
  known: readonly string[],
  { only, skip }: Selection,
): Promise<SelectionResult> {
  const wanted = await matchAll(known, only);
  if (wanted.kind === 'unknown') return wanted;
  const unwanted = await matchAll(known, skip);
  if (unwanted.kind === 'unknown') return unwanted;
  const start = wanted.patterns === 0 ? known : known.filter((id) => wanted.ids.has(id));
  return {
    kind: 'selected',
    ids: new Set(start.filter((id) => !unwanted.ids.has(id))),
    unwanted: unwanted.ids,
  };
}

/** Ids of the checks that ask other machines or stand beside those in the report, and of all that they build on or leave faults to. */
export function networkChecks(checks: readonly Check[]): string[] {
  const wanted = new Set(
    checks.filter(({ network, section }) => network || section === 'Connectivity').map(({ id }) => id),
  );
  // A check builds on earlier ones only, so one pass from the end follows every chain.
  for (const { id, needs = [] } of checks.toReversed())
    if (wanted.has(id)) for (const need of needs) wanted.add(need);
  for (const { id, defersTo = [] } of checks)
    if (wanted.has(id)) for (const other of defersTo) wanted.add(other);
  return checks.map(({ id }) => id).filter((id) => wanted.has(id));
}

/** The known name that was probably meant, when one is near enough to be worth saying. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word, known);
  return distance(word, candidate) <= Math.max(2, Math.floor(word.length / 3)) ? candidate : undefined;
}

type Matches =
  | { readonly kind: 'matched'; readonly ids: ReadonlySet<string>; readonly patterns: number }
  | Extract<SelectionResult, { kind: 'unknown' }>;

/** `{a,b}.*` is one pattern. */
const COMMA_OUTSIDE_BRACES = /,(?![^{]*\})/;

async function matchAll(known: readonly string[], lists: readonly string[]): Promise<Matches> {
  const patterns = lists.flatMap((list) => list.split(COMMA_OUTSIDE_BRACES)).map((pattern) => pattern.trim());
  const ids = new Set<string>();
  for (const pattern of patterns.filter((item) => item !== '')) {
    const matches = known.filter(await idMatcher(pattern));
    if (matches.length === 0) return { kind: 'unknown', pattern, suggestion: nearest(pattern, known) };
    for (const id of matches) ids.add(id);
  }
  return { kind: 'matched', ids, patterns: patterns.length };
}
