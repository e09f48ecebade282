import type { WritableDatabase } from '../sqlite/writable.ts';
import type { LogRow } from './row.ts';

const MEBIBYTE = 1024 * 1024;
/** What each partition may hold: a thread's rows, or the rows of one process that belong to no thread. */
export const MAX_PARTITION_BYTES = 10 * MEBIBYTE;
export const MAX_PARTITION_ROWS = 1_000;
const MAX_AGE_SECONDS = 10 * 24 * 60 * 60;
/** Live pages of the whole file; beyond that the age limit is halved until it fits. */
const MAX_LIVE_BYTES = 64 * MEBIBYTE;
/** Two hours: everything older is gone by then, and the rest is what somebody may be looking for now. */
const MIN_AGE_SECONDS = MAX_AGE_SECONDS / 2 ** 7;

interface Partition {
  readonly where: string;
  readonly parameters: readonly string[];
}

const partitionOf = ({ thread_id: thread, process_uuid: process }: LogRow): Partition => {
  if (thread !== null) return { where: 'thread_id = ?', parameters: [thread] };
  if (process !== null) return { where: 'thread_id IS NULL AND process_uuid = ?', parameters: [process] };
  return { where: 'thread_id IS NULL AND process_uuid IS NULL', parameters: [] };
};

const NEWEST_FIRST = 'ts DESC, ts_nanos DESC, id DESC';

export interface PartitionPruner {
  /** Cuts the partitions that a batch has touched to what they may hold; belongs into the transaction of the insert. */
  prune(batch: readonly LogRow[]): void;
  /** To be called when that transaction was undone. */
  forget(): void;
}

/**
 * Keeps of each partition the newest rows. A single row above the limit is deleted itself. What a partition holds is
 * looked up once and then reckoned along, for as long as no other connection writes.
 */
export function createPartitionPruner(database: WritableDatabase): PartitionPruner {
  /** Upper bounds: what was there at the last look, and everything inserted since. */
  const sizes = new Map<string, { rows: number; bytes: number }>();
  let dataVersion: unknown;

  return {
    prune(batch) {
      // Another process has written: what we remember is worth nothing.
      const version = database.pragma('data_version', { simple: true });
      if (version !== dataVersion) sizes.clear();
      dataVersion = version;

      const touched = new Map<string, Partition>();
      for (const row of batch) {
        const key = row.thread_id ?? `process ${row.process_uuid}`;
        const size = sizes.get(key);
        if (size) {
          size.rows += 1;
          size.bytes += row.estimated_bytes;
        }
        if (!touched.has(key)) touched.set(key, partitionOf(row));
      }
      for (const [key, partition] of touched) {
        const size = sizes.get(key) ?? measure(database, partition);
        sizes.set(key, size);
        if (size.bytes > MAX_PARTITION_BYTES) {
          prune(database, partition);
          sizes.set(key, measure(database, partition));
        } else if (size.rows > MAX_PARTITION_ROWS)
          sizes.set(key, { rows: MAX_PARTITION_ROWS, bytes: size.bytes - pruneRows(database, partition) });
      }
    },
    forget: () => sizes.clear(),
  };
}

function measure(
  database: WritableDatabase,
  { where, parameters }: Partition,
): { rows: number; bytes: number } {
  const size = database
    .prepare<string[], { rows: number; bytes: number }>(
      `SELECT COUNT(*) AS rows, TOTAL(estimated_bytes) AS bytes FROM logs WHERE ${where}`,
    )
    .get(...parameters);
  return size ?? { rows: 0, bytes: 0 };
}

/** The usual case, by index alone: too many rows, none of them large. Returns the bytes of the deleted ones. */
function pruneRows(database: WritableDatabase, { where, parameters }: Partition): number {
  const deleted = database
    .prepare<string[], { readonly estimated_bytes: number }>(
      `DELETE FROM logs WHERE id IN (
         SELECT id FROM logs WHERE ${where} ORDER BY ${NEWEST_FIRST} LIMIT -1 OFFSET ${MAX_PARTITION_ROWS})
       RETURNING estimated_bytes`,
    )
    .all(...parameters);
  return deleted.reduce((sum, row) => sum + row.estimated_bytes, 0);
}

function prune(database: WritableDatabase, { where, parameters }: Partition): void {
  database
    .prepare(
      `DELETE FROM logs WHERE id IN (
         SELECT id FROM (
           SELECT id,
                  SUM(estimated_bytes) OVER (ORDER BY ${NEWEST_FIRST} ROWS UNBOUNDED PRECEDING) AS bytes,
                  ROW_NUMBER() OVER (ORDER BY ${NEWEST_FIRST}) AS rank
             FROM logs WHERE ${where})
          WHERE bytes > ${MAX_PARTITION_BYTES} OR rank > ${MAX_PARTITION_ROWS})`,
    )
    .run(...parameters);
}

/** Forgets what is too old, at start-up: ten days, and less where the file holds too much. */
export function pruneByAge(database: WritableDatabase, nowSeconds: number): void {
  const forget = database.prepare<[number]>('DELETE FROM logs WHERE ts < ?');
  forget.run(nowSeconds - MAX_AGE_SECONDS);
  for (
    let age = MAX_AGE_SECONDS / 2;
    age >= MIN_AGE_SECONDS && liveBytes(database) > MAX_LIVE_BYTES;
    age /= 2
  )
    forget.run(Math.floor(nowSeconds - age));
  database.pragma('wal_checkpoint(PASSIVE)');
}

function liveBytes(database: WritableDatabase): number {
  const read = (name: string): number => Number(database.pragma(name, { simple: true }));
  return (read('page_count') - read('freelist_count')) * read('page_size');
}
