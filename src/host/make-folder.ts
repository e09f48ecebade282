import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { files } from './files.ts';

/**
 * Makes a folder, and those above it that are missing. One by one, because Node's own recursive creation never ends where a
 * folder cannot be made, as below `/proc`.
 * @param mode of folders that are made
 * @throws what the file system throws, also where something else stands at the path
 */
export function makeFolder(path: string, mode: number): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  const seen = files.look(path);
  return seen.kind === 'found' && seen.type === 'directory';
}
