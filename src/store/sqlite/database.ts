export type SqlValue = string | number | bigint | null | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

/** The little of a database that a task needs, whichever SQLite build stands behind it. */
export interface ReadOnlyDatabase {
  /** All rows of a statement; throws `SqliteFailure` as the engine does. Integers beyond 2^53 come back imprecise. */
  all(sql: string, ...parameters: readonly SqlValue[]): Row[];
  /** The same one by one, for answers as long as the home is large. An integer beyond 2^53 makes it throw. */
  each(sql: string): Iterable<Row>;
}

/**
 * How an existing file may be opened without changing anything around it. Measured with SQLite 3.50 to 3.54:
 * - `shared_memory`: WAL content and its `-shm` exist. The index is mapped read-only, nothing is written. With either of
 *   the two missing SQLite would create them, even for a read-only connection.
 * - `immutable`: a WAL database without WAL content. No locks are taken, so the caller must compare the files afterwards.
 * - `locking`: a rollback-journal database, read under SQLite's ordinary shared lock.
 * - `private`: a copy that is ours alone; it may be recovered, rolled back and written to.
 */
export type Access = 'shared_memory' | 'immutable' | 'locking' | 'private';

/** Two independent builds of SQLite: what one calls corrupt is believed when the other one agrees. */
export type Engine = 'node' | 'better-sqlite3';

export interface Location {
  /** Canonical path of the main file. */
  readonly path: string;
  readonly access: Access;
  readonly engine: Engine;
  /** How long SQLite itself waits for a lock, milliseconds; blocks the thread. */
  readonly busyTimeoutMs: number;
}
