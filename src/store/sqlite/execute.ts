import { existsSync } from 'node:fs';
import type { Location } from './database.ts';
import { loadEngine } from './engine.ts';
import { sharedMemoryOf, walOf } from './layout.ts';
import type { DatabaseFailureClass } from './outcome.ts';
import { runTask } from './tasks.ts';
import type { TaskRequest } from './tasks.ts';

/** What one attempt gave; plain data, as it may come from a child process. */
export type Execution =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly class: Exclude<DatabaseFailureClass, 'permissions' | 'wrong_type'>;
      readonly code: string;
      readonly message: string;
      /** A private copy may succeed where reading in place is impossible without writing. */
      readonly copyMayHelp: boolean;
    };

/** Another process closed the database just now: look again. */
export const LOG_GONE = 'LOG_GONE';

/** Opens, asks and closes. Synchronous between opening and closing, and never throws. */
export async function execute(location: Location, request: TaskRequest): Promise<Execution> {
  try {
    const open = await loadEngine(location.engine);
    const database = open(location);
    try {
      if (wouldCreateFiles(location)) return GONE;
      return { kind: 'value', value: runTask(request, database) };
    } finally {
      database.close();
    }
  } catch (error) {
    return classify(error);
  }
}

/**
 * The last other connection takes log and index with it when it closes, and SQLite would make new ones even for us. Only
 * a lock of ours prevents that, and it is taken by the first statement; so this look comes as late as it can, which
 * leaves some microseconds in which an agent that exits makes us leave an empty log behind.
 */
function wouldCreateFiles({ access, path }: Location): boolean {
  return access === 'shared_memory' && !(existsSync(walOf(path)) && existsSync(sharedMemoryOf(path)));
}

const GONE: Execution = {
  kind: 'error',
  class: 'unreadable',
  code: LOG_GONE,
  message: 'the write-ahead log went away before it was read',
  copyMayHelp: false,
};

/** SQLite's primary result codes (https://sqlite.org/rescode.html) and what they mean to a reader. */
const CODES: Readonly<Record<number, readonly [string, (Execution & { kind: 'error' })['class']]>> = {
  1: ['SQLITE_ERROR', 'schema'],
  5: ['SQLITE_BUSY', 'locked'],
  6: ['SQLITE_LOCKED', 'locked'],
  7: ['SQLITE_NOMEM', 'unreadable'],
  8: ['SQLITE_READONLY', 'unreadable'],
  10: ['SQLITE_IOERR', 'unreadable'],
  11: ['SQLITE_CORRUPT', 'corrupt'],
  14: ['SQLITE_CANTOPEN', 'unreadable'],
  17: ['SQLITE_SCHEMA', 'schema'],
  18: ['SQLITE_TOOBIG', 'unreadable'],
  26: ['SQLITE_NOTADB', 'not_a_database'],
};

/** Read-only connections cannot roll back a journal, recover a log, or open what stands in a folder they cannot use. */
const HELPED_BY_A_COPY: readonly string[] = ['SQLITE_READONLY', 'SQLITE_CANTOPEN'];

function classify(error: unknown): Execution {
  const message = error instanceof Error ? error.message : String(error);
  const [code, failureClass] = codeOf(error);
  return {
    kind: 'error',
    class: failureClass,
    code,
    message,
    copyMayHelp: HELPED_BY_A_COPY.some((name) => code.startsWith(name)),
  };
}

function codeOf(error: unknown): readonly [string, (Execution & { kind: 'error' })['class']] {
  if (typeof error !== 'object' || error === null) return ['UNKNOWN', 'unreadable'];
  // `node:sqlite` gives the number in `errcode`, the second build gives the name in `code`.
  if ('errcode' in error && typeof error.errcode === 'number')
    return CODES[error.errcode & 0xff] ?? [`SQLITE_${error.errcode}`, 'unreadable'];
  const name = 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  return Object.values(CODES).find(([known]) => name.startsWith(known)) ?? [name, 'unreadable'];
}
