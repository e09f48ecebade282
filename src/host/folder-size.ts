import type { Files } from './files.ts';

export interface FolderSize {
  readonly files: number;
  readonly bytes: number;
  /** There was more than was counted. */
  readonly truncated: boolean;
}

const MAX_DEPTH = 16;

/**
 * Counts what is in a folder and below it, up to `maxEntries` entries. Links are not followed. A folder that is missing
 * or cannot be listed counts nothing.
 */
export function folderSize(files: Files, folder: string, maxEntries: number): FolderSize {
  const pending = [{ path: folder, depth: 0 }];
  let seen = 0;
  let count = 0;
  let bytes = 0;
  let truncated = false;
  for (let next = pending.pop(); next && seen < maxEntries; next = pending.pop()) {
    const listed = files.list(next.path, { maxEntries: maxEntries - seen });
    if (listed.kind !== 'read') continue;
    truncated ||= listed.truncated;
    seen += listed.entries.length;
    for (const { name, type } of listed.entries) {
      const path = `${next.path}/${name}`;
      if (type === 'directory' && next.depth < MAX_DEPTH) pending.push({ path, depth: next.depth + 1 });
      if (type !== 'file') continue;
      const look = files.look(path);
      if (look.kind !== 'found') continue;
      count += 1;
      bytes += look.size;
    }
  }
  return { files: count, bytes, truncated: truncated || pending.length > 0 };
}
