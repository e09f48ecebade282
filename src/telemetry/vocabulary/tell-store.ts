import type { StoreErrorClass } from '../../store/sqlite/error-class.ts';
import type { FactTime, RequestFact } from '../facts/fact.ts';
import type { StoreFact } from '../facts/store.ts';
import type { Measurements, Tags } from './measurements.ts';

/** Who tells of the databases: no thread, so that the program is all that is known. */
export interface StoreTeller {
  readonly measurements: Measurements;
  /** One of those that are counted by name, or `other`. */
  readonly originator: string;
}

/** What may belong to no thread. */
export type ThreadlessFact = FactTime & (RequestFact | StoreFact);

export const isStoreFact = (fact: ThreadlessFact): fact is FactTime & StoreFact => STORE_FACTS.has(fact.type);

const STORE_FACTS: ReadonlySet<ThreadlessFact['type']> = new Set<StoreFact['type']>([
  'database_phase',
  'database_corrupt',
  'logs_written',
  'logs_dropped',
]);

/** The databases of the home are metrics alone (spec/observability.md 4.5). */
export function tellStore({ measurements, originator }: StoreTeller, fact: StoreFact): void {
  const { count, record } = measurements;
  switch (fact.type) {
    case 'database_phase': {
      const { database, phase, durationMs, errorClass } = fact;
      const tags = { ...outcome(errorClass), db: database, phase: `${phase}_${database}`, originator };
      count('codex.sqlite.init.count', tags);
      record('codex.sqlite.init.duration_ms', durationMs, tags);
      return;
    }
    case 'database_corrupt':
      count('codex.sqlite.corruption.count', { db: fact.database, originator });
      return;
    case 'logs_written': {
      const tags = { ...outcome(fact.errorClass), originator };
      count('codex.sqlite.logs.write.count', tags);
      record('codex.sqlite.logs.write.duration_ms', fact.durationMs, tags);
      record('codex.sqlite.logs.write.bytes', fact.bytes, tags);
      record('codex.sqlite.logs.write.entries', fact.entries, tags);
      record('codex.sqlite.logs.write.max_entry_bytes', fact.maxEntryBytes, tags);
      return;
    }
    case 'logs_dropped':
      count('codex.sqlite.logs.queue.dropped', { originator }, fact.count);
  }
}

const outcome = (errorClass: StoreErrorClass | undefined): Tags => ({
  status: errorClass === undefined ? 'success' : 'failed',
  error: errorClass ?? 'none',
});
