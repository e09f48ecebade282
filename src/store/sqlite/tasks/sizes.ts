import type { ReadOnlyDatabase } from '../database.ts';

export interface DatabaseSizes {
  readonly pageSizeBytes: number;
  readonly pageCount: number;
  /** Pages that hold nothing and only a vacuum gives back. */
  readonly freePageCount: number;
}

export function sizes(database: ReadOnlyDatabase, _input: Record<string, never>): DatabaseSizes {
  const read = (pragma: string): number => Number(database.all(`PRAGMA ${pragma}`)[0]?.[pragma] ?? 0);
  return {
    pageSizeBytes: read('page_size'),
    pageCount: read('page_count'),
    freePageCount: read('freelist_count'),
  };
}
