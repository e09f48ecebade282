import { deflateSync } from 'node:zlib';
import type { CheckResult, RedactedReport } from '../doctor/report.ts';
import { files } from '../host/files.ts';
import { leadsInto } from '../host/inside.ts';
import { useHistory } from './open.ts';
import { homeKey } from './place.ts';
import type { HistoryDatabase } from './schema.ts';

export interface RecordOptions {
  readonly path: string;
  /** Runs that are kept. */
  readonly keep: number;
  /** The examined home and those beside it, as they are spelt on disk: nothing is ever written below one. */
  readonly homes: readonly [examined: string, ...more: string[]];
}

/** A report of 26 KB takes 6 KB; one that takes this much lists something without end. */
export const MAX_REPORT_BYTES = 4 * 1024 * 1024;
/** All reports together. More is no memory of a doctor any more but a part of the disk that somebody misses. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Keeps a finished run. Never rejects and changes nothing about the run: who reads this has the report already.
 * @returns undefined, or one line that says why the run was not kept
 */
export async function recordRun(report: RedactedReport, options: RecordOptions): Promise<string | undefined> {
  const { path, keep, homes } = options;
  if (homes.some((home) => leadsInto(path, home, files)))
    return `this run is not kept: ${path} lies in the examined home`;
  const packed = deflateSync(JSON.stringify(report));
  if (packed.length > MAX_REPORT_BYTES)
    return `this run is not kept: its report takes ${packed.length} bytes`;
  const use = await useHistory(path, { create: true }, (database) => {
    const inOneStep = database.transaction(() => {
      insert(database, { report, packed, home: homes[0] });
      prune(database, { keep, maxBytes: MAX_BYTES });
    });
    inOneStep.immediate();
  });
  return use.kind === 'failed' ? `this run is not kept: ${use.problem}` : undefined;
}

interface NewRun {
  readonly report: RedactedReport;
  readonly packed: Buffer;
  readonly home: string;
}

function insert(database: HistoryDatabase, { report, packed, home }: NewRun): void {
  const { target } = report;
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO run (at, profile, home, home_key, agent_version, verdict, interrupted, exit_code, duration_ms, counts, bytes, report)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      report.generatedAt,
      target.profile,
      target.home,
      homeKey(home),
      target.version,
      report.overallStatus,
      Number(report.interrupted),
      report.gate?.exitCode ?? null,
      report.durationMs,
      JSON.stringify(report.counts),
      packed.length,
      packed,
    );
  const row = database.prepare('INSERT INTO run_check (run, check_id, status, class) VALUES (?, ?, ?, ?)');
  for (const [id, result] of Object.entries(report.checks))
    row.run(lastInsertRowid, id, result.status, classOf(result));
}

const classOf = ({ failure, issues }: CheckResult): string | null =>
  failure?.class ?? issues.find(({ failureClass }) => failureClass !== undefined)?.failureClass ?? null;

/** Removes the oldest runs beyond a number, and beyond the bytes that their reports take together. */
export function prune(
  database: HistoryDatabase,
  { keep, maxBytes }: { readonly keep: number; readonly maxBytes: number },
): void {
  database
    .prepare(
      `DELETE FROM run WHERE id IN (
         SELECT id FROM (
           SELECT id, row_number() OVER newest AS place, sum(bytes) OVER newest AS total
           FROM run WINDOW newest AS (ORDER BY id DESC)
         ) WHERE place > ? OR total > ?
       )`,
    )
    .run(keep, maxBytes);
}
