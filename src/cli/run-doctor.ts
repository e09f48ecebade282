import { namesOfThisMachine } from '../host/account.ts';
import { systemClock } from '../host/clock.ts';
import { examine } from '../doctor/examine.ts';
import type { ContextOptions } from '../doctor/context.ts';
import { decideGate } from '../doctor/gate.ts';
import type { GateOptions } from '../doctor/gate.ts';
import { dayOf } from '../doctor/gate/waivers.ts';
import { createProgress } from '../doctor/progress.ts';
import { redactReport } from '../doctor/redact-report.ts';
import type { Registry } from '../doctor/registry.ts';
import { EXIT } from '../doctor/report.ts';
import type { Note, Report } from '../doctor/report.ts';
import { userDirectory } from '../target/home.ts';
import { deliver } from './doctor/deliver.ts';
import type { Delivery } from './doctor/deliver.ts';

export interface DoctorRun extends Delivery {
  readonly context: ContextOptions;
  readonly selected: ReadonlySet<string>;
  readonly timeoutMs: number;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
  readonly gate: Pick<GateOptions, 'failOn' | 'waivers' | 'baseline'>;
  /** What the reader has to know besides what the checks say. */
  readonly notes: readonly Note[];
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
  const report = await examine(registry, {
    context,
    selected: run.selected,
    timeoutMs: run.timeoutMs,
    signal,
    ...(progress && { observer: progress }),
  });
  progress?.end();
  const judged = await judge(report, registry, run);
  const clean = redactReport(judged, { userDirectory: userDirectory(context.env), ...namesOfThisMachine() });
  // Whatever becomes of sending it, the user has the report first, and the exit code stays that of the examination.
  const isWhole = await deliver(clean, run);
  await run.close();
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

/** The report with what the run adds to it: whether it passes, and what its settings leave out. */
async function judge(
  report: Report,
  registry: Registry,
  { gate: options, notes }: Pick<DoctorRun, 'gate' | 'notes'>,
): Promise<Report & Required<Pick<Report, 'gate'>>> {
  const gate = await decideGate(report, {
    ...options,
    today: dayOf(systemClock.now()),
    known: registry.checks.map(({ id }) => id),
  });
  const all = [...report.notes, ...notes];
  return { ...report, notes: all, counts: { ...report.counts, notes: all.length }, gate };
}

/** Progress belongs on a terminal; the stream behind `process.stderr` is only built when it may be needed. */
function shouldShowProgress({ outputs }: Delivery): boolean {
  const isRead = outputs.some(({ format, file }) => format.forTerminal && file === undefined);
  return isRead && process.env['TERM'] !== 'dumb' && process.stderr.isTTY;
}
