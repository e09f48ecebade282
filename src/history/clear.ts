import { rmSync } from 'node:fs';
import { useHistory } from './open.ts';
import type { HistoryUse } from './open.ts';
import { countRuns } from './read.ts';

/**
 * Removes every run, so that nothing of them is left in the file. A damaged file is removed as a whole; a sound one never:
 * whoever writes to it at this moment would leave a journal behind that belongs to no file.
 * @returns how many runs were removed, or `damaged`
 */
export async function clearHistory(path: string): Promise<HistoryUse<number | 'damaged'>> {
  const use = await useHistory(path, { create: false }, (database) => {
    const runs = countRuns(database);
    database.prepare('DELETE FROM run').run();
    // Rewrites the file: removed rows would stay in it as free pages otherwise.
    database.exec('VACUUM');
    return runs;
  });
  if (use.kind !== 'failed' || !use.isDamaged) return use;
  rmSync(path);
  rmSync(`${path}-journal`, { force: true });
  return { kind: 'done', value: 'damaged' };
}
