import { namesOfThisMachine } from '../host/account.ts';
import { systemClock } from '../host/clock.ts';
import { examine } from '../doctor/examine.ts';
import type { ContextOptions } from '../doctor/context.ts';
import { createProgress } from '../doctor/progress.ts';
import { createReportRedactor } from '../doctor/redact-report.ts';
import type { Registry } from '../doctor/registry.ts';
import { EXIT } from '../doctor/report.ts';
import type { RedactedReport, Report } from '../doctor/report.ts';
import { files } from '../host/files.ts';
import { chooseHome, userDirectory } from '../target/home.ts';
import { deliver } from './doctor/deliver.ts';
import type { Delivery } from './doctor/deliver.ts';
import { judge, withNotes } from './doctor/judge.ts';
import type { Judging } from './doctor/judge.ts';
import { openStream } from './doctor/stream-output.ts';

export interface DoctorRun extends Delivery, Judging {
  readonly context: ContextOptions;
  readonly selected: ReadonlySet<string>;
  readonly timeoutMs: number;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  /** How many runs the history keeps; none is kept without it. */
  readonly history?: { readonly keep: number };
  /** Ends what was started for the run. */
  readonly close: () => Promise<void>;
  /** Send the run to Sentry, to the destination of `--dsn` or the configured one. */
  readonly sentry?: { readonly dsn: string | undefined };
  /** Send the run to the collector of OpenTelemetry. */
  readonly otel?: boolean;
}

/** Examines, delivers the report and ends the process with the gate's exit code. */
export async function runDoctor(registry: Registry, run: DoctorRun): Promise<never> {
  const { context, signal } = run;
  const progress = shouldShowProgress(run)
    ? createProgress({
        write: (text) => process.stderr.write(text),
        columns: process.stderr.columns,
        clock: systemClock,
      })
    : undefined;
  const redactor = createReportRedactor({
    userDirectory: userDirectory(context.env),
    ...namesOfThisMachine(),
  });
  const checks = registry.checks.map(({ id }) => id);
  const stream = await openStream(run.outputs, {
    redactor,
    checks: checks.filter((id) => run.selected.has(id)),
  });
  // What is written while it goes on is for no terminal, so there is never both.
  const observer = progress ?? stream;
  const report = await examine(registry, {
    context,
    selected: run.selected,
    timeoutMs: run.timeoutMs,
    signal,
    ...(observer && { observer }),
  });
  progress?.end();
  const judged = await judge(report, { ...run, known: checks });
  const clean = redactor.report(run.history ? await withFlapping(judged, context) : judged);
  stream?.end(clean);
  // Whatever becomes of sending it, the user has the report first, and the exit code stays that of the examination.
  const isWhole = await deliver(clean, {
    ...run,
    outputs: stream ? run.outputs.filter(({ file }) => file !== undefined) : run.outputs,
  });
  await run.close();
  if (run.history) await keep(clean, { ...run.history, context });
  const sending = { report: clean, context, signal };
  if (run.otel) {
    const { reportToOtel } = await import('./doctor-otel/send.ts');
    const line = await reportToOtel(sending);
    if (line !== undefined) process.stderr.write(`stethos: ${line}\n`);
  }
  if (run.sentry) {
    const { reportToSentry } = await import('./doctor-sentry/send.ts');
    const line = await reportToSentry({ ...run.sentry, ...sending });
    process.stderr.write(`stethos: ${line}\n`);
  }
  const { exitCode } = judged.gate;
  process.exit(exitCode === EXIT.healthy && !isWhole ? EXIT.incomplete : exitCode);
}

/** Says what earlier runs of the same home make of this one. */
async function withFlapping(report: Report, { env }: ContextOptions): Promise<Report> {
  const { earlierRows, flappingNotes, historyPath } = await import('../history/doctor-history.ts');
  const earlier = await earlierRows(historyPath(env), report.target);
  return withNotes(report, flappingNotes(earlier, report));
}

async function keep(
  report: RedactedReport,
  { keep: most, context }: { readonly keep: number; readonly context: ContextOptions },
): Promise<void> {
  const { historyPath, recordRun } = await import('../history/doctor-history.ts');
  const home = chooseHome(context, files);
  const homes = [home.path, ...home.alsoPresent.map(({ path }) => path)] as const;
  const line = await recordRun(report, { path: historyPath(context.env), keep: most, homes });
  if (line !== undefined) process.stderr.write(`stethos: ${line}\n`);
}

/** Progress belongs on a terminal; the stream behind `process.stderr` is only built when it may be needed. */
function shouldShowProgress({ outputs }: Delivery): boolean {
  const isRead = outputs.some(({ format, file }) => format.forTerminal && file === undefined);
  return isRead && process.env['TERM'] !== 'dumb' && process.stderr.isTTY;
}
