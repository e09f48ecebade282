import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../../host/files.ts';

/** Between two tries. A holder needs about a millisecond. */
const RETRY_MS = 10;

/**
 * Runs `work` while no other process does so under the same lock. The lock is one that SQLite holds in the kernel on an empty
 * file, so it ends with its process, however that ends.
 * @param timeoutMs how long to wait for another process
 * @returns undefined when the time passed
 * @throws what `work` and the file system throw
 */
export async function withFileLock<Value>(
  path: string,
  { timeoutMs }: { readonly timeoutMs: number },
  work: () => Value,
): Promise<{ readonly value: Value } | undefined> {
  const { default: Database } = await import('better-sqlite3');
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    const lock = new Database(path, { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return { value: work() };
    } catch (error) {
      if (errorCode(error) !== 'SQLITE_BUSY') throw error;
      if (waitedMs >= timeoutMs) return undefined;
    } finally {
      lock.close();
    }
    await sleep(RETRY_MS);
  }
}
