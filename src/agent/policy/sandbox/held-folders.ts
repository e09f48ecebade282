import { dirname } from 'node:path';
import type { Files } from '../../../host/files.ts';
import { isBelow } from '../../../host/inside.ts';
import type { WritableArea } from '../writable.ts';

/**
 * Tells the folders that commands must not rename: a workspace that stands in another writable root, such as `/tmp`, with
 * everything in between. A command could move it away, change what is protected where the next sandbox does not look for it,
 * and move it back. Only what stood there when it was first asked for counts: what came later a command may have made, and may
 * swap for a link while it is being mounted.
 */
export function createHeldFolders(
  files: Pick<Files, 'look'>,
): (area: Extract<WritableArea, { kind: 'roots' }>) => readonly string[] {
  const stoodAtFirst = new Map<string, boolean>();
  const stood = (folder: string): boolean => {
    const known = stoodAtFirst.get(folder);
    if (known !== undefined) return known;
    const seen = files.look(folder);
    const isFolder = seen.kind === 'found' && seen.type === 'directory' && !seen.isLink;
    stoodAtFirst.set(folder, isFolder);
    return isFolder;
  };
  return ({ roots, readOnlyBelow }) => {
    const guarded = roots.filter((root) => readOnlyBelow.some((path) => isBelow(path, root)));
    const held = new Set(guarded.flatMap((root) => chainWithin(root, roots)));
    return [...held].filter(stood);
  };
}

/** The folder and those around it, as far as they stand inside of one of the roots. */
function chainWithin(folder: string, roots: readonly string[]): string[] {
  const isWithin = roots.some((root) => root !== folder && isBelow(folder, root));
  return isWithin ? [folder, ...chainWithin(dirname(folder), roots)] : [];
}
