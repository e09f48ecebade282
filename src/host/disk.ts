import { statfsSync } from 'node:fs';
import { errorCode } from './files.ts';

export type DiskSpace =
  | {
      readonly kind: 'measured';
      /** What this account may still write; less than what is free where some is kept for root. */
      readonly availableBytes: number;
      readonly totalBytes: number;
      /** Files that can still be created; undefined where the file system has no fixed number of them. */
      readonly availableFiles: number | undefined;
    }
  /** The file system does not say, as those of the kernel and some network ones. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly code: string };

export interface Disk {
  /** Space on the file system that holds an existing path. Never throws. */
  space(path: string): DiskSpace;
}

export const disk: Disk = {
  space: (path) => {
    try {
      const { bavail, bsize, blocks, ffree, files } = statfsSync(path);
      if (blocks === 0) return { kind: 'unknown' };
      return {
        kind: 'measured',
        availableBytes: bavail * bsize,
        totalBytes: blocks * bsize,
        availableFiles: files === 0 ? undefined : ffree,
      };
    } catch (error) {
      return { kind: 'failed', code: errorCode(error) };
    }
  },
};
