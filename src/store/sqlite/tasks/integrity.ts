import type { ReadOnlyDatabase } from '../database.ts';

export interface IntegrityInput {
  /** `quick` reads every page and skips the comparison of indexes with their tables, which takes five times as long. */
  readonly depth: 'quick' | 'full';
}

export interface Integrity {
  /** What SQLite found damaged, in its words; empty for a sound database. */
  readonly findings: readonly string[];
}

/** Enough to tell one broken page from a broken file, and few enough for a report. */
const MAX_FINDINGS = 20;

export function integrity(database: ReadOnlyDatabase, { depth }: IntegrityInput): Integrity {
  // CHECK constraints are the owner's business and may call arbitrary SQL functions; damage is what we look for.
  database.all('PRAGMA ignore_check_constraints = ON');
  const pragma = depth === 'full' ? 'integrity_check' : 'quick_check';
  const said = database.all(`PRAGMA ${pragma}(${MAX_FINDINGS})`).map((row) => String(row[pragma]));
  return { findings: said.filter((line) => line !== 'ok') };
}
