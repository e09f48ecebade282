import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that only this user can enter. It goes when it is removed, or with the process. */
export interface StagingFolder {
  /** Path of a new file in it; numbered, so that no name of an item ever becomes one of a file. */
  newFile(): string;
  remove(): void;
}

/** @throws what the file system throws */
export function createStagingFolder({ parent = tmpdir() }: { readonly parent?: string } = {}): StagingFolder {
  // The system makes it with mode 0700.
  const path = mkdtempSync(join(parent, 'stethos-feedback-'));
  let files = 0;
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true });
    process.off('exit', remove);
  };
  process.on('exit', remove);
  return {
    newFile: () => join(path, String((files += 1))),
    remove,
  };
}
