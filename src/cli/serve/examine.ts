import type { RedactedReport } from '../../doctor/report.ts';
import { EXIT } from '../../doctor/report.ts';
import { firstLine } from '../../host/first-line.ts';
import { runProcess } from '../../host/spawn.ts';
import type { SpawnOutcome } from '../../host/spawn.ts';
import type { RunOutcome } from './runs.ts';

/** A report of every check with its details is some 100 KB. */
const MAX_REPORT_BYTES = 16 * 1024 * 1024;

export interface DoctorCommand {
  /** Absolute path of the program, and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

/**
 * Lets the doctor examine in a process of its own: what it loads, opens and leaks is gone with it, a plugin hurts nobody,
 * and requests are answered meanwhile. Never rejects.
 */
export async function examineInProcess({ command, cwd, env, timeoutMs }: DoctorCommand): Promise<RunOutcome> {
  const [program, ...args] = command;
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const ended = await runProcess(program, args, {
    cwd,
    env: Object.fromEntries(set),
    timeoutMs,
    maxOutputBytes: MAX_REPORT_BYTES,
  });
  return outcomeOf(ended);
}

/** What the doctor's end means. */
export function outcomeOf(ended: SpawnOutcome): RunOutcome {
  if (ended.kind !== 'exited') return { kind: 'none', reason: describe(ended), isUsage: false };
  const report = ended.exitCode === EXIT.usage ? undefined : reportIn(ended.stdout);
  if (report) return { kind: 'report', report };
  return {
    kind: 'none',
    reason: firstLine(ended.stderr) || `the doctor printed no report (exit code ${ended.exitCode})`,
    isUsage: ended.exitCode === EXIT.usage,
  };
}

/** The doctor has redacted what it prints. */
function reportIn(stdout: string): RedactedReport | undefined {
  try {
    const report = JSON.parse(stdout) as Partial<RedactedReport> | null;
    return report?.schemaVersion === 1 && report.checks !== undefined
      ? (report as RedactedReport)
      : undefined;
  } catch {
    return undefined;
  }
}

function describe(ended: Exclude<SpawnOutcome, { readonly kind: 'exited' }>): string {
  switch (ended.kind) {
    case 'timeout':
      return `the doctor gave no report within ${ended.timeoutMs} ms`;
    case 'signalled':
      return `the doctor was ended by ${ended.signal}`;
    case 'noise':
      return `the doctor printed more than ${ended.limitBytes} bytes`;
    case 'spawn_failed':
      return `the doctor could not be started (${ended.code})`;
  }
}
