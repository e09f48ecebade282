import { exportThreadLogs } from '../../logs/export.ts';
import type { ReadOnlyDatabase } from '../database.ts';
import { tableNames } from './tables.ts';

export interface ThreadLogs {
  /** Whole lines in order of time. */
  readonly text: Uint8Array;
  readonly lines: number;
}

/** The log of some threads, as it goes with feedback. A database of another kind has none. */
export function threadLogs(
  database: ReadOnlyDatabase,
  { threadIds }: { readonly threadIds: readonly string[] },
): ThreadLogs {
  if (threadIds.length === 0 || !tableNames(database).includes('logs')) return NONE;
  const { text, lines } = exportThreadLogs(database, threadIds);
  return { text, lines };
}

const NONE: ThreadLogs = { text: new Uint8Array(), lines: 0 };
