import { runProcess } from '../host/spawn.ts';
import type { SpawnOutcome } from '../host/spawn.ts';

/** What the doctor said, if it said something. */
export type DoctorReport =
  | { readonly kind: 'report'; readonly report: Readonly<Record<string, unknown>> }
  | { readonly kind: 'none'; readonly reason: string };

export interface DoctorRun {
  /** Absolute path of the program, and its arguments up to where the report goes to standard output. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default 25 s. */
  readonly timeoutMs?: number;
}

/** As the reference waits (spec/observability.md 6). Longer than the doctor's own deadline of a usual run. */
const DOCTOR_TIMEOUT_MS = 25_000;
/** A report of every check with its details is some 100 KB. */
const MAX_REPORT_BYTES = 8 * 1024 * 1024;

/**
 * Lets the doctor examine the machine in a process of its own, which is killed when it takes too long. A report that says
 * "fail" is a report: the exit code does not matter. Never rejects; without a report there is a reason.
 */
export async function runDoctor({
  command,
  cwd,
  env,
  timeoutMs = DOCTOR_TIMEOUT_MS,
}: DoctorRun): Promise<DoctorReport> {
  const [program, ...args] = command;
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const outcome = await runProcess(program, args, {
    cwd,
    env: Object.fromEntries(set),
    timeoutMs,
    maxOutputBytes: MAX_REPORT_BYTES,
  });
  if (outcome.kind !== 'exited') return { kind: 'none', reason: describe(outcome) };
  const report = reportIn(outcome.stdout);
  return report
    ? { kind: 'report', report }
    : { kind: 'none', reason: `the doctor printed no report (exit code ${outcome.exitCode})` };
}

/** From the first `{` on: a shell's greeting may stand before it. */
export function reportIn(stdout: string): Readonly<Record<string, unknown>> | undefined {
  const start = stdout.indexOf('{');
  if (start === -1) return undefined;
  try {
    return JSON.parse(stdout.slice(start)) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

function describe(outcome: Exclude<SpawnOutcome, { readonly kind: 'exited' }>): string {
  switch (outcome.kind) {
    case 'timeout':
      return `the doctor gave no report within ${outcome.timeoutMs / 1_000} s`;
    case 'signalled':
      return `the doctor was ended by ${outcome.signal}`;
    case 'noise':
      return `the doctor printed more than ${outcome.limitBytes} bytes`;
    case 'spawn_failed':
      return `the doctor could not be started (${outcome.code})`;
  }
}
