import type { StoreErrorClass } from './sqlite/error-class.ts';

/** What becomes of the databases that an agent writes (spec/observability.md 2.1 and 4.5). */
export type StoreTold =
  /** A part of opening one: told once, with all tries that it took. */
  | (Of & { readonly type: 'database_phase' } & OpenPhase)
  /** One turned out to be damaged; told once for each opening. */
  | (Of & { readonly type: 'database_corrupt' })
  /** One batch of log rows was written, or was not. */
  | {
      readonly type: 'logs_written';
      readonly entries: number;
      /** As retention counts them. */
      readonly bytes: number;
      readonly maxEntryBytes: number;
      readonly durationMs: number;
      readonly errorClass?: StoreErrorClass;
    }
  /** Log rows found no place while the database was in use by others. */
  | { readonly type: 'logs_dropped'; readonly count: number };

export type WatchedDatabase = 'state' | 'logs';

interface Of {
  readonly database: WatchedDatabase;
}

export interface OpenPhase {
  readonly phase: 'open' | 'migrate';
  readonly durationMs: number;
  readonly errorClass?: StoreErrorClass;
}

/** Where nobody watches nothing is measured. `hear` must be quick, and must log nothing: it hears of the log itself. */
export interface StoreWatch {
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
  readonly hear: (told: StoreTold) => void;
}
