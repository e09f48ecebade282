/*
 * What the log database costs, as ratios in one run. Ingest: rows per second of our store against better-sqlite3 that
 * inserts the same batches into the same table in bare transactions. Export: bytes read against bytes returned, out of a
 * log of one gigabyte. Read is the text of every row that was fetched; beside it stands what the process asked of the file
 * system (`rchar` of /proc/self/io), which counts whole pages: short rows of threads that took turns share theirs with
 * rows that nobody wanted. Run with `node bench/log-database.ts`.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { formatBytes } from '../src/host/units.ts';
import { exportThreadLogs } from '../src/store/logs/export.ts';
import type { LogRow } from '../src/store/logs/row.ts';
import { LOG_SCHEMA } from '../src/store/logs/schema.ts';
import { openLogStore } from '../src/store/logs/store.ts';
import type { Row } from '../src/store/sqlite/database.ts';

const ROUNDS = 5;
const BATCH_ROWS = 512;
const NOW_MS = Date.UTC(2026, 10, 20);
const clock = { now: () => NOW_MS, elapsed: () => 0 };
// Beside the sources: what /tmp is made of differs from machine to machine.
const place = mkdtempSync(join(import.meta.dirname, '../.bench-'));
const COLUMNS = [
  'ts',
  'ts_nanos',
  'level',
  'target',
  'feedback_log_body',
  'module_path',
  'file',
  'line',
  'thread_id',
  'process_uuid',
  'estimated_bytes',
] as const;
const INSERT = `INSERT INTO logs (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;

interface Shape {
  readonly rows: number;
  readonly threads: number;
  readonly bodyBytes: number;
}

function* rowsOf({ rows, threads, bodyBytes }: Shape): Generator<LogRow> {
  const body = 'turn{thread.id=01a1f92b turn.id=01a1f92c}:session_task.run: prepared '.padEnd(bodyBytes, 'x');
  for (let number = 0; number < rows; number += 1)
    yield {
      ts: Math.floor(NOW_MS / 1_000) + Math.floor(number / 1_000),
      ts_nanos: (number % 1_000) * 1_000_000,
      level: 'TRACE',
      target: 'stethos_core',
      feedback_log_body: `${body}${number}`,
      module_path: null,
      file: null,
      line: null,
      thread_id: `thread ${Math.floor((number * threads) / rows)}`,
      process_uuid: 'pid:1:0',
      estimated_bytes: bodyBytes + 20,
    };
}

function batchesOf(shape: Shape): LogRow[][] {
  const rows = [...rowsOf(shape)];
  return Array.from({ length: Math.ceil(rows.length / BATCH_ROWS) }, (_, index) =>
    rows.slice(index * BATCH_ROWS, (index + 1) * BATCH_ROWS),
  );
}

const valuesOf = (row: LogRow): unknown[] => COLUMNS.map((column) => row[column]);

function bare(path: string): { insert: (rows: readonly LogRow[]) => void; close: () => void } {
  const database = new Database(path);
  database.pragma('auto_vacuum = INCREMENTAL');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
  database.exec(LOG_SCHEMA);
  const statement = database.prepare(INSERT);
  const insert = database.transaction((rows: readonly LogRow[]) => {
    for (const row of rows) statement.run(...valuesOf(row));
  });
  return { insert: (rows) => insert.immediate(rows), close: () => database.close() };
}

/** Milliseconds that every batch took together. */
function timed(insert: (rows: readonly LogRow[]) => void, batches: readonly (readonly LogRow[])[]): number {
  const begun = performance.now();
  for (const batch of batches) insert(batch);
  return performance.now() - begun;
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0;

async function ingest(name: string, shape: Shape): Promise<void> {
  const batches = batchesOf(shape);
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = bare(join(place, `bare-${name}-${round}.sqlite`));
    times.theirs.push(timed(theirs.insert, batches));
    theirs.close();
    // oxlint-disable-next-line no-await-in-loop -- rounds must not run side by side
    const ours = await openLogStore({
      sqliteHome: join(place, `${name}-${round}`),
      clock,
      onWarning: console.error,
    });
    times.ours.push(timed((rows) => void ours.insert(rows), batches));
    ours.close();
  }
  const [ours, theirs] = [median(times.ours), median(times.theirs)];
  console.log(
    `ingest, ${name}: ${(theirs / ours).toFixed(2)} of bare better-sqlite3 (${Math.round(shape.rows / ours)} against ${Math.round(shape.rows / theirs)} rows per ms)`,
  );
}

const GIGABYTE = 1024 ** 3;
const readSoFar = (): number =>
  Number(/^rchar: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);

function exportOf(bodyBytes: number): void {
  const path = join(place, `large-${bodyBytes}.sqlite`);
  const large = bare(path);
  const rows = Math.ceil(GIGABYTE / (bodyBytes + 200));
  let batch: LogRow[] = [];
  for (const row of rowsOf({ rows, threads: 60, bodyBytes })) {
    // Threads that took turns, as several sessions of one day do.
    batch.push({ ...row, thread_id: `thread ${Math.floor(Math.random() * 60)}` });
    if (batch.length < BATCH_ROWS) continue;
    large.insert(batch);
    batch = [];
  }
  large.close();
  const database = new Database(path, { readonly: true });
  const before = readSoFar();
  const result = exportThreadLogs(
    { all: (sql, ...parameters) => database.prepare<unknown[], Row>(sql).all(...parameters), each: () => [] },
    ['thread 1', 'thread 2', 'thread 3'],
  );
  const asked = readSoFar() - before;
  database.close();
  const ratio = (bytes: number): string => (bytes / result.text.length).toFixed(2);
  console.log(
    `export of ${formatBytes(result.text.length)} out of ${formatBytes(statSync(path).size)}, rows of ${bodyBytes} bytes: ` +
      `${ratio(result.bytesRead)} times that in rows, ${ratio(asked)} times that from the file`,
  );
  rmSync(path);
}

try {
  await ingest('no partition full', { rows: 40_000, threads: 50, bodyBytes: 300 });
  await ingest('every batch beyond a limit', { rows: 20_000, threads: 2, bodyBytes: 300 });
  exportOf(300);
  exportOf(4_000);
} finally {
  rmSync(place, { recursive: true, force: true });
}
