import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A path from which a child process can read `content`, and under which nobody else can change it: a file that has no
 * name any more, reached through this process. It lasts as long as this process.
 */
export function unnamedFile(content: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'stethos-filter-'));
  const path = join(folder, 'filter');
  const descriptor = openSync(path, 'wx+', 0o600);
  try {
    // Before it is written: what is reachable by a name is empty.
    rmSync(folder, { recursive: true });
    writeSync(descriptor, content);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return `/proc/${process.pid}/fd/${descriptor}`;
}
