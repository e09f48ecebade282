import { rmSync, statSync, writeFileSync } from 'node:fs';
import { errorCode } from '../../host/files.ts';

/** The right to something that one process at a time may do. */
export interface FileClaim {
  release(): void;
}

/** A file that is replaced between two looks at it was released in that moment; twice in a row does not happen. */
const TRIES = 5;
/** What a claim is for may be private; its file is empty. */
const FILE_MODE = 0o600;

/**
 * Claims what a file stands for, or says undefined where somebody has it. The claim is a lock that SQLite holds in the
 * kernel on an empty file: it ends with the process, however that ends, so nothing stale is ever left to judge.
 * @throws when the file cannot be written
 */
export async function claimFile(path: string): Promise<FileClaim | undefined> {
  // A second connection of this process would be granted nothing either, but closing it would drop the first one's lock.
  if (heldHere.has(path)) return undefined;
  heldHere.add(path);
  try {
    const lock = await lockFile(path);
    if (lock === undefined) {
      heldHere.delete(path);
      return undefined;
    }
    return {
      release: () => {
        if (!heldHere.delete(path)) return;
        // Removed while it is still locked: whoever opens the name afterwards gets a new file.
        rmSync(path, { force: true });
        lock.close();
      },
    };
  } catch (error) {
    heldHere.delete(path);
    throw error;
  }
}

const heldHere = new Set<string>();

async function lockFile(path: string): Promise<{ close(): void } | undefined> {
  const { default: Database } = await import('better-sqlite3');
  for (let tries = 0; tries < TRIES; tries += 1) {
    writeFileSync(path, '', { flag: 'a', mode: FILE_MODE });
    const before = inodeOf(path);
    const database = new Database(path, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (errorCode(error) === 'SQLITE_BUSY') return undefined;
      throw error;
    }
    if (before !== undefined && inodeOf(path) === before) return database;
    database.close();
  }
  return undefined;
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
