import { examine } from '../../doctor/examine.ts';
import type { ContextOptions } from '../../doctor/context.ts';
import { createReportRedactor } from '../../doctor/redact-report.ts';
import type { ReportRedactor } from '../../doctor/redact-report.ts';
import type { Registry } from '../../doctor/registry.ts';
import type { RedactedReport, Report } from '../../doctor/report.ts';
import type { RunObserver } from '../../doctor/runner.ts';
import { files } from '../../host/files.ts';
import { chooseHome } from '../../target/home.ts';
import type { Environment } from '../../target/home.ts';
import { redactionOf } from '../../target/redaction.ts';
import type { Target } from '../../target/target.ts';
import { judge, withNotes } from './judge.ts';
import type { Judging } from './judge.ts';

export interface Examination extends Judging {
  readonly context: ContextOptions;
  readonly selected: ReadonlySet<string>;
  readonly unwanted: ReadonlySet<string>;
  readonly timeoutMs: number;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** How many runs the history keeps; none is kept without it. */
  readonly history?: { readonly keep: number };
}

export interface Examined {
  /** All that leaves. */
  readonly report: RedactedReport;
  /** Of the gate. */
  readonly exitCode: number;
}

/** One redactor for a run, so that rows which are told early have the placeholders of the report. */
export const redactorFor = (target: Target): ReportRedactor =>
  createReportRedactor(() => redactionOf(target, files));

/** What a run shares with whoever began to tell of it. */
interface Sharing {
  readonly target: Target;
  readonly redactor: ReportRedactor;
  readonly observer?: RunObserver | undefined;
}

/** Examines once, judges and redacts. */
export async function examineOnce(
  registry: Registry,
  { context, selected, unwanted, timeoutMs, signal, history, ...judging }: Examination,
  { target, redactor, observer }: Sharing,
): Promise<Examined> {
  const report = await examine(registry, {
    context,
    target,
    selected,
    unwanted,
    timeoutMs,
    signal,
    ...(observer && { observer }),
  });
  const judged = await judge(report, { ...judging, known: registry.checks.map(({ id }) => id) });
  const told = history ? await withFlapping(judged, context.env) : judged;
  return { report: redactor.report(told), exitCode: judged.gate.exitCode };
}

/** Says what earlier runs of the same home make of this one. */
async function withFlapping(report: Report, env: Environment): Promise<Report> {
  const { earlierRows, flappingNotes, historyPath } = await import('../../history/doctor-history.ts');
  const earlier = await earlierRows(historyPath(env), report.target);
  return withNotes(report, flappingNotes(earlier, report));
}

/** Adds a run to the history where it is on. @returns one line for the user where that could not be done */
export async function keepRun(
  report: RedactedReport,
  { history, context }: Pick<Examination, 'history' | 'context'>,
): Promise<string | undefined> {
  if (!history) return undefined;
  const { historyPath, recordRun } = await import('../../history/doctor-history.ts');
  const home = chooseHome(context, files);
  const homes = [home.path, ...home.alsoPresent.map(({ path }) => path)] as const;
  return recordRun(report, { path: historyPath(context.env), keep: history.keep, homes });
}
