import { systemClock } from '../../host/clock.ts';
import { decideGate } from '../../doctor/gate.ts';
import type { GateOptions } from '../../doctor/gate.ts';
import { dayOf } from '../../doctor/gate/waivers.ts';
import type { Gate, Note, Report } from '../../doctor/report.ts';

export interface Judging {
  readonly gate: Pick<GateOptions, 'failOn' | 'waivers' | 'baseline'>;
  /** What the reader has to know besides what the checks say. */
  readonly notes: readonly Note[];
}

export type JudgedReport = Report & { readonly gate: Gate };

/**
 * The report with what a run adds to it: whether it passes today, and what its settings leave out.
 * @param known ids of all checks, also of those that were not selected
 */
export async function judge(
  report: Report,
  { gate: options, notes, known }: Judging & Pick<GateOptions, 'known'>,
): Promise<JudgedReport> {
  const today = dayOf(systemClock.now());
  const gate = await decideGate(report, { ...options, today, ...(known && { known }) });
  return { ...withNotes(report, notes), gate };
}

export function withNotes(report: Report, notes: readonly Note[]): Report {
  const all = [...report.notes, ...notes];
  return { ...report, notes: all, counts: { ...report.counts, notes: all.length } };
}
