import { chmodSync, closeSync, constants, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, files } from '../host/files.ts';
import { makeFolder } from '../host/make-folder.ts';
import { storeErrorClass } from '../store/sqlite/error-class.ts';
import type { StoreErrorClass } from '../store/sqlite/error-class.ts';
import { lookAtSchema, migrate } from './schema.ts';
import type { HistoryDatabase } from './schema.ts';

/** What came of using the history. */
export type HistoryUse<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  /** There is no history. */
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'failed';
      /** One sentence without a final stop. */
      readonly problem: string;
      /** Nothing can be read from it any more, so that it may as well be removed. */
      readonly isDamaged: boolean;
    };

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** Others hold it for milliseconds. A writer's report is printed already; a reader has somebody waiting. */
const BUSY_TIMEOUT_MS = { write: 2_000, read: 500 };

/**
 * Opens the history for one piece of work and closes it again. Not in WAL mode: one short transaction per run is all
 * there is, and a single file is sound on network file systems and after a kill at any moment.
 * @param create makes the file where it is missing, for its owner alone
 */
export async function useHistory<Value>(
  path: string,
  { create }: { readonly create: boolean },
  work: (database: HistoryDatabase) => Value,
): Promise<HistoryUse<Value>> {
  try {
    const found = files.look(path);
    // SQLite would wait for a FIFO.
    if (found.kind === 'found' && found.type !== 'file')
      return failed(`${path} is a ${found.type}, not a file`);
    if (found.kind !== 'found' && !create) return absentOr(found.kind, path);
    if (create) makePrivate(path);
    const { default: Database } = await import('better-sqlite3');
    const database = new Database(path, {
      fileMustExist: true,
      timeout: BUSY_TIMEOUT_MS[create ? 'write' : 'read'],
    });
    try {
      return prepared(database) ?? { kind: 'done', value: work(database) };
    } finally {
      database.close();
    }
  } catch (error) {
    const name = storeErrorClass(error);
    return { kind: 'failed', problem: problemOf(name, path, error), isDamaged: name === 'corrupt' };
  }
}

function prepared(database: HistoryDatabase): HistoryUse<never> | undefined {
  database.pragma('trusted_schema = OFF');
  database.pragma('foreign_keys = ON');
  const look = lookAtSchema(database);
  if (look === 'foreign') return failed(`${database.name} is a database of another program`);
  if (typeof look === 'object')
    return failed(`a newer stethos wrote ${database.name} (version ${look.newer} of its tables)`);
  // What is removed makes the file smaller. Asked for later it would have no effect, and write to the file all the same.
  if (look === 'empty') database.pragma('auto_vacuum = FULL');
  migrate(database);
  return undefined;
}

/** SQLite itself would make the file readable by everybody. */
function makePrivate(path: string): void {
  makeFolder(dirname(path), PRIVATE_FOLDER);
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, PRIVATE_FILE));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const found = files.look(path);
    if (found.kind === 'found' && found.uid === process.getuid?.() && (found.mode & 0o077) !== 0)
      chmodSync(path, PRIVATE_FILE);
  }
}

const failed = (problem: string): HistoryUse<never> => ({ kind: 'failed', problem, isDamaged: false });

const absentOr = (kind: string, path: string): HistoryUse<never> =>
  kind === 'missing' ? { kind: 'absent' } : failed(`${path} cannot be looked at (${kind})`);

function problemOf(name: StoreErrorClass, path: string, error: unknown): string {
  switch (name) {
    case 'busy':
    case 'locked':
      return `another process holds ${path}`;
    case 'corrupt':
      return `${path} is damaged; stethos history clear --yes begins a new one`;
    case 'readonly':
      return `${path} cannot be written`;
    case 'full':
      return `no space is left for ${path}`;
    case 'cantopen':
    case 'io':
    case 'schema':
    case 'constraint':
    case 'unknown':
      return `${path} cannot be used (${errorCode(error)})`;
  }
}
