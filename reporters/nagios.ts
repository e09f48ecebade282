import { STATUSES } from '../src/doctor/report.ts';
import type { RedactedReport } from '../src/doctor/report.ts';
import { outcomeOf } from './machine/outcome.ts';
import { lineOf } from './machine/words.ts';
import type { Reporter } from './reporter.ts';
import { verdictOf } from './text/verdict.ts';

/** States of a service, with the exit codes that Nagios, Icinga and their kin read. */
export const NAGIOS_EXIT = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;
export type NagiosState = keyof typeof NAGIOS_EXIT;

/**
 * One line for Nagios and its kin: state, verdict and performance data. `doctor --format nagios` writes this line and
 * keeps the doctor's exit code; `stethos nagios` ends with the code of the state.
 */
export const nagios: Reporter = (report) => {
  const counts = STATUSES.map((status) => performance(status, String(report.counts[status])));
  const data = [
    ...counts,
    performance('waived', String(new Set(report.gate?.waived.map(({ check }) => check)).size)),
    performance('known', String(report.gate?.known.length ?? 0)),
    performance('time', `${(report.durationMs / 1_000).toFixed(3)}s`),
  ].join(' ');
  return `${nagiosLine(nagiosState(report), textOf(report))} | ${data}\n`;
};

/**
 * `STETHOS CRITICAL - the text`, without performance data or a line end. Whatever the text holds, it stays one line, and
 * no bar in it begins performance data.
 */
export const nagiosLine = (state: NagiosState, text: string): string =>
  `STETHOS ${state} - ${withinBytes(lineOf(text).replaceAll('|', '/'), MOST_BYTES)}`;

/**
 * Critical where a row fails and nothing lets it through; a warning where one warns, whatever the threshold of the gate;
 * unknown where that leaves only rows without an answer. The order is that of Nagios' own plugins.
 */
export function nagiosState(report: RedactedReport): NagiosState {
  const rows = Object.values(report.checks);
  const bad = rows.filter((row) => ['failed', 'warned'].includes(outcomeOf(row, report).kind));
  if (bad.some(({ status }) => status === 'fail')) return 'CRITICAL';
  if (bad.length > 0) return 'WARNING';
  const isUnanswered = rows.some((row) => outcomeOf(row, report).kind === 'unanswered');
  return isUnanswered || report.interrupted ? 'UNKNOWN' : 'OK';
}

function textOf(report: RedactedReport): string {
  const { counted, first } = verdictOf(report);
  const rows = Object.values(report.checks);
  const passed = rows.filter((row) => outcomeOf(row, report).kind === 'let_through').length;
  return [
    counted.length > 0 ? counted.join(', ') : `nothing found, checks: ${rows.length}`,
    ...(passed > 0 ? [`${passed} let through`] : []),
    ...(report.interrupted ? ['interrupted'] : []),
    ...(first === undefined ? [] : [first]),
  ].join(' - ');
}

/** The format of the Nagios plugins: `'label'=value[UOM];warn;crit;min`. */
const performance = (label: string, value: string): string => `'${label}'=${value};;;0`;

/** The remote executors of old keep 1,024 bytes; the performance data takes a quarter. */
const MOST_BYTES = 700;

function withinBytes(text: string, most: number): string {
  let kept = text.slice(0, most);
  while (Buffer.byteLength(kept) > most) kept = kept.slice(0, -1);
  return kept.toWellFormed() === kept ? kept : kept.slice(0, -1);
}
