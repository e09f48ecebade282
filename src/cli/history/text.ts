import { formatCount } from '../../host/units.ts';
import type { ChangingCheck } from '../../history/flapping.ts';
import type { KeptRun, KeptTarget } from '../../history/read.ts';
import { columns } from '../columns.ts';

export function runsText(runs: readonly KeptRun[]): Promise<string> {
  return columns([
    ['ID', 'WHEN', 'AGENT', 'HOME', 'VERDICT', 'FAIL', 'WARN', 'OK', 'EXIT', 'TOOK'],
    ...runs.map((run) => [
      String(run.id),
      timeText(run.at),
      run.agentVersion === null ? run.profile : `${run.profile} ${run.agentVersion}`,
      run.home,
      run.interrupted ? `${run.verdict} (interrupted)` : run.verdict,
      String(run.counts.fail),
      String(run.counts.warning),
      String(run.counts.ok),
      run.exitCode === null ? '-' : String(run.exitCode),
      `${(run.durationMs / 1_000).toFixed(1)} s`,
    ]),
  ]);
}

export interface TargetFlaps extends Omit<KeptTarget, 'homeKey'> {
  /** Runs that were looked at. */
  readonly runs: number;
  readonly checks: readonly ChangingCheck[];
}

export async function flapsText(targets: readonly TargetFlaps[]): Promise<string> {
  const parts = await Promise.all(
    targets.map(async ({ profile, home, runs, checks }) => {
      const head = `${profile} at ${home}, ${formatCount(runs, 'run')}`;
      if (checks.length === 0) return `${head}: no check changed\n`;
      const table = await columns(
        checks.map((check) => [check.check, kindText(check), sinceText(check), trail(check)]),
      );
      return `${head}\n${table.replaceAll(/^(?=.)/gm, '  ')}`;
    }),
  );
  return parts.join('\n');
}

function kindText({ kind, changes, state }: ChangingCheck): string {
  if (kind === 'flapping') return `flapping: ${formatCount(changes, 'change')}, ${state} now`;
  return kind === 'broke' ? 'broke, bad now' : 'recovered, good now';
}

const sinceText = ({ kind, since, stateSince }: ChangingCheck): string =>
  `since ${timeText(kind === 'flapping' ? since : stateSince)}`;

/** The runs in order: `ok 12 · fail 13 · ok 14`. */
const trail = ({ runs }: ChangingCheck): string =>
  runs.map(({ run, status }) => `${status} ${run}`).join(' · ');

/** `2026-11-20 10:00:00Z` */
const timeText = (at: string): string => at.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
