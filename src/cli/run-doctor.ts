import { namesOfThisMachine } from '../host/account.ts';
import { systemClock } from '../host/clock.ts';
import { examine } from '../doctor/examine.ts';
import type { ContextOptions } from '../doctor/context.ts';
import { EXIT, exitCodeOf } from '../doctor/gate.ts';
import type { FailOn } from '../doctor/report.ts';
import { createProgress } from '../doctor/progress.ts';
import { redactReport } from '../doctor/redact-report.ts';
import type { Registry } from '../doctor/registry.ts';
import { userDirectory } from '../target/home.ts';
import { deliver } from './doctor/deliver.ts';
import type { Delivery } from './doctor/deliver.ts';

export interface DoctorRun extends Delivery {
  readonly context: ContextOptions;
  readonly selected: ReadonlySet<string>;
  readonly timeoutMs: number;
  readonly failOn: FailOn;
  /** Send the run to Sentry, to the destination of `--dsn` or the configured one. */
  readonly sentry?: { readonly dsn: string | undefined };
  /** Send the run to the collector of OpenTelemetry. */
  readonly otel?: boolean;
}

/** Examines, delivers the report and ends the process with the gate's exit code. */
export async function runDoctor(registry: Registry, run: DoctorRun): Promise<never> {
  const interrupt = new AbortController();
  process.on('SIGINT', () => {
    // The first Ctrl-C asks for the partial report, the second one does not wait for it.
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
  const progress = shouldShowProgress(run)
    ? createProgress({
        write: (text) => process.stderr.write(text),
        columns: process.stderr.columns,
        clock: systemClock,
      })
    : undefined;
  const report = await examine(registry, {
    context: run.context,
    selected: run.selected,
    timeoutMs: run.timeoutMs,
    signal: interrupt.signal,
    ...(progress && { observer: progress }),
  });
  progress?.end();
  const clean = redactReport(report, {
    userDirectory: userDirectory(run.context.env),
    ...namesOfThisMachine(),
  });
  // Whatever becomes of sending it, the user has the report first, and the exit code stays that of the examination.
  const isWhole = await deliver(clean, run);
  const sending = { report: clean, context: run.context, signal: interrupt.signal };
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
  const exitCode = exitCodeOf(report, run.failOn);
  process.exit(exitCode === EXIT.healthy && !isWhole ? EXIT.incomplete : exitCode);
}

/** Progress belongs on a terminal; the stream behind `process.stderr` is only built when it may be needed. */
function shouldShowProgress({ outputs }: Delivery): boolean {
  const isRead = outputs.some(({ format, file }) => format.forTerminal && file === undefined);
  return isRead && process.env['TERM'] !== 'dumb' && process.stderr.isTTY;
}
