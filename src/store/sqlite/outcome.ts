import type { FileType } from '../../host/files.ts';

/** The failure classes that a database can be given; a part of the doctor's closed list. */
export type DatabaseFailureClass =
  | 'locked'
  | 'permissions'
  | 'not_a_database'
  | 'corrupt'
  | 'wrong_type'
  | 'unreadable'
  | 'schema';

export interface DatabaseFailure {
  readonly kind: 'failed';
  /**
   * `corrupt` and `not_a_database` are said only after a second SQLite build agreed on a private copy, or after the
   * unchanged file gave the same answer twice where it is too large to copy.
   */
  readonly class: DatabaseFailureClass;
  /** Such as `SQLITE_BUSY` or `EACCES`. */
  readonly code: string;
  readonly message: string;
  /** The file concerned: the database itself or one beside it, such as its `-wal`. */
  readonly file: string;
  /** What stands there instead of a file, for `wrong_type`. */
  readonly found?: FileType | 'dangling link' | 'looping link';
}

/** What came of reading a database. */
export type DatabaseRead<Value> =
  | {
      readonly kind: 'read';
      readonly value: Value;
      /** Read where it stands, or from a private copy that has been removed again. */
      readonly method: 'in_place' | 'copy';
      /** Main file and write-ahead log together. */
      readonly bytes: number;
    }
  | { readonly kind: 'missing' }
  /** The file holds no byte. It was not opened: SQLite would delete a write-ahead log that stands beside it. */
  | { readonly kind: 'empty'; readonly walBytes: number }
  /** Time was up, or the caller aborted. */
  | { readonly kind: 'timeout'; readonly timeoutMs: number; readonly bytes: number }
  | DatabaseFailure;
