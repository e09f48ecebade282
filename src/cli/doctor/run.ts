import { systemClock } from '../../host/clock.ts';
import { targetOf } from '../../doctor/context.ts';
import { createProgress } from '../../doctor/progress.ts';
import type { Registry } from '../../doctor/registry.ts';
import { EXIT } from '../../doctor/report.ts';
import { deliver } from './deliver.ts';
import type { Delivery } from './deliver.ts';
import { examineOnce, keepRun, redactorFor } from './examine.ts';
import type { Examination } from './examine.ts';
import { openStream } from './stream-output.ts';

export interface DoctorRun extends Delivery, Examination {
  /** Ends what was started for the run. */
  readonly close: () => Promise<void>;
  /** Send the run to Sentry, to the destination of `--dsn` or the configured one. */
  readonly sentry?: { readonly dsn: string | undefined };
  /** Send the run to the collector of OpenTelemetry. */
  readonly otel?: boolean;
}

/** Examines, delivers the report and ends the process with the gate's exit code. */
export async function runDoctor(registry: Registry, run: DoctorRun): Promise<never> {
  const { context, signal, outputs, selected } = run;
  const progress = shouldShowProgress(run)
    ? createProgress({
        write: (text) => process.stderr.write(text),
        columns: process.stderr.columns,
        clock: systemClock,
      })
    : undefined;
  const target = targetOf(context);
  const redactor = redactorFor(target);
  const checks = registry.checks.map(({ id }) => id).filter((id) => selected.has(id));
  const stream = await openStream(outputs, { redactor, checks });
  // What is written while it goes on is for no terminal, so there is never both.
  const { report, exitCode } = await examineOnce(registry, run, {
    target,
    redactor,
    observer: progress ?? stream,
  });
  progress?.end();
  stream?.end(report);
  // Whatever becomes of sending it, the user has the report first, and the exit code stays that of the examination.
  const isWhole = await deliver(report, {
    ...run,
    outputs: stream ? outputs.filter(({ file }) => file !== undefined) : outputs,
  });
  await run.close();
  complain(await keepRun(report, run));
  const sending = { report, context, signal };
  if (run.otel) {
    const { reportToOtel } = await import('./otel/send.ts');
    complain(await reportToOtel(sending));
  }
  if (run.sentry) {
    const { reportToSentry } = await import('./sentry/send.ts');
    complain(await reportToSentry({ ...run.sentry, ...sending }));
  }
  process.exit(exitCode === EXIT.healthy && !isWhole ? EXIT.incomplete : exitCode);
}

function complain(line: string | undefined): void {
  if (line !== undefined) process.stderr.write(`stethos: ${line}\n`);
}

/** Progress belongs on a terminal; the stream behind `process.stderr` is only built when it may be needed. */
function shouldShowProgress({ outputs }: Delivery): boolean {
  const isRead = outputs.some(({ format, file }) => format.forTerminal && file === undefined);
  return isRead && process.env['TERM'] !== 'dumb' && process.stderr.isTTY;
}
