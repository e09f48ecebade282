import { statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { Files } from './files.ts';

/** Whether a path is a folder or stands below it, by its letters alone; both absolute, without `.` and `..`. */
export const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** A path without links in it, as far as it exists. */
export function canonicalPath(path: string, files: Pick<Files, 'realpath'>): string {
  const folder = dirname(path);
  return (
    files.realpath(path) ?? (folder === path ? path : join(canonicalPath(folder, files), basename(path)))
  );
}

/** Whether a file would come to stand in a folder: links are followed, and a folder is known under every name. Both absolute. */
export function leadsInto(path: string, folder: string, files: Pick<Files, 'realpath'>): boolean {
  const place = canonicalPath(path, files);
  const isThere = isBelow(place, canonicalPath(folder, files));
  return isThere || foldersAbove(place).some((each) => isSame(each, folder));
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/** Mounted twice, or spelt in other letters where that makes no difference, a folder has two paths. */
function isSame(path: string, other: string): boolean {
  try {
    // Windows counts further than numbers are exact.
    const [one, two] = [statSync(path, { bigint: true }), statSync(other, { bigint: true })];
    return one.dev === two.dev && one.ino === two.ino;
  } catch {
    return false;
  }
}
