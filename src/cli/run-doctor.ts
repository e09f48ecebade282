import { namesOfThisMachine } from '../host/account.ts';
import { systemClock } from '../host/clock.ts';
import { examine } from '../doctor/examine.ts';
import type { ContextOptions } from '../doctor/context.ts';
import { exitCodeOf } from '../doctor/gate.ts';
import type { FailOn } from '../doctor/report.ts';
import { createProgress } from '../doctor/progress.ts';
import { redactReport } from '../doctor/redact-report.ts';
import type { Registry } from '../doctor/registry.ts';
import { EXIT } from '../doctor/gate.ts';
import { userDirectory } from '../target/home.ts';
import type { Reporter } from '../../reporters/reporter.ts';
import { finish, print } from './finish.ts';
import { PLAIN, styleFor } from './style.ts';
import type { Look } from './style.ts';

export type Format = 'human' | 'summary' | 'json';

export interface DoctorRun {
  readonly context: ContextOptions;
  readonly selected: ReadonlySet<string>;
  readonly timeoutMs: number;
  readonly format: Format;
  readonly failOn: FailOn;
  readonly look: Look;
  /** Send the run to Sentry, to the destination of `--dsn` or the configured one. */
  readonly sentry?: { readonly dsn: string | undefined };
  /** Send the run to the collector of OpenTelemetry. */
  readonly otel?: boolean;
}

/** Examines, prints the report on standard output and ends the process with the gate's exit code. */
export async function runDoctor(registry: Registry, run: DoctorRun): Promise<never> {
  const interrupt = new AbortController();
  process.on('SIGINT', () => {
    // The first Ctrl-C asks for the partial report, the second one does not wait for it.
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
  const progress = shouldShowProgress(run.format)
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
  const reporter = await REPORTERS[run.format]();
  const text = await reporter(clean, run.format === 'json' ? PLAIN : styleFor(run.look));
  const ending = {
    exitCode: exitCodeOf(report, run.failOn),
    what: 'the report',
    unwritten: EXIT.incomplete,
  };
  if (!run.sentry && !run.otel) return finish(text, ending);
  // Whatever becomes of it, the user has the report first, and the exit code stays that of the examination.
  print(text, ending);
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
  process.exit(ending.exitCode);
}

/** Progress belongs on a terminal; the stream behind `process.stderr` is only built when it may be needed. */
function shouldShowProgress(format: Format): boolean {
  return format !== 'json' && process.env['TERM'] !== 'dumb' && process.stderr.isTTY;
}

/** Loaded one at a time: the text reporters bring layout and colour that JSON does not need. */
const REPORTERS: Readonly<Record<Format, () => Promise<Reporter>>> = {
  human: async () => (await import('../../reporters/human.ts')).human,
  summary: async () => (await import('../../reporters/summary.ts')).summary,
  json: async () => (await import('../../reporters/json.ts')).json,
};
