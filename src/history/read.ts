import { inflateSync } from 'node:zlib';
import type { Counts, OverallStatus, Report, Status } from '../doctor/report.ts';
import type { CheckRow } from './flapping.ts';
import type { HistoryDatabase } from './schema.ts';

/** A kept run, without its report. */
export interface KeptRun {
  readonly id: number;
  /** RFC 3339. */
  readonly at: string;
  readonly profile: string;
  /** As reports show it, with `~` for the user's directory. */
  readonly home: string;
  readonly agentVersion: string | null;
  readonly verdict: OverallStatus;
  readonly interrupted: boolean;
  /** Null where nobody asked whether the run passes. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly counts: Counts;
}

/** Which runs are meant; all when empty. */
export interface RunFilter {
  readonly profile?: string;
  readonly homeKey?: string;
}

interface RunRow extends Omit<KeptRun, 'interrupted' | 'counts'> {
  readonly interrupted: number;
  readonly counts: string;
}

const OF_TARGET = '(:profile IS NULL OR profile = :profile) AND (:homeKey IS NULL OR home_key = :homeKey)';
const parametersOf = ({
  profile = null,
  homeKey = null,
}: {
  readonly [Name in keyof RunFilter]: string | null;
}): Record<keyof RunFilter, string | null> => ({ profile, homeKey });

/** Kept runs, newest first. */
export function keptRuns(
  database: HistoryDatabase,
  { limit, ...filter }: RunFilter & { readonly limit: number },
): readonly KeptRun[] {
  return database
    .prepare<unknown[], RunRow>(
      `SELECT id, at, profile, home, agent_version AS agentVersion, verdict, interrupted, exit_code AS exitCode,
              duration_ms AS durationMs, counts
       FROM run WHERE ${OF_TARGET} ORDER BY id DESC LIMIT :limit`,
    )
    .all({ ...parametersOf(filter), limit })
    .map((row) => ({
      ...row,
      interrupted: row.interrupted !== 0,
      counts: JSON.parse(row.counts) as Counts,
    }));
}

export const countRuns = (database: HistoryDatabase): number =>
  database.prepare<unknown[], { readonly runs: number }>('SELECT count(*) AS runs FROM run').get()?.runs ?? 0;

/** No report unpacks to more: it would take as much memory, and was never written. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;

/** The report of a run as it was kept, redacted; undefined when there is no such run. */
export function keptReport(database: HistoryDatabase, id: number): Report | undefined {
  const row = database
    .prepare<unknown[], { readonly report: Buffer }>('SELECT report FROM run WHERE id = ?')
    .get(id);
  if (!row) return undefined;
  return JSON.parse(
    inflateSync(row.report, { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8'),
  ) as Report;
}

/** The checks of the last runs, oldest first. */
export function checkRows(
  database: HistoryDatabase,
  { runs, ...filter }: RunFilter & { readonly runs: number },
): readonly CheckRow[] {
  return database
    .prepare<unknown[], { run: number; at: string; check: string; status: Status; interrupted: number }>(
      `SELECT run, at, check_id AS "check", status, interrupted
       FROM (SELECT id, at, interrupted FROM run WHERE ${OF_TARGET} ORDER BY id DESC LIMIT :runs)
       JOIN run_check ON run = id ORDER BY run, check_id`,
    )
    .all({ ...parametersOf(filter), runs })
    .map(({ interrupted, ...row }) => ({ ...row, isInterrupted: interrupted !== 0 }));
}

export interface KeptTarget {
  readonly profile: string;
  readonly homeKey: string;
  /** As the newest report shows it. */
  readonly home: string;
}

/** Whose runs are kept: those examined last come first. */
export function keptTargets(database: HistoryDatabase, filter: RunFilter): readonly KeptTarget[] {
  return database
    .prepare<unknown[], KeptTarget>(
      `SELECT profile, homeKey, home FROM (
         SELECT profile, home_key AS homeKey, home, max(id) AS latest
         FROM run WHERE ${OF_TARGET} GROUP BY profile, home_key
       ) ORDER BY latest DESC`,
    )
    .all(parametersOf(filter));
}
