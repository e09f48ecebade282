import { decideGate } from '../../doctor/gate.ts';
import { EXIT } from '../../doctor/report.ts';
import type { FailOn, Gate, Report, Waiver } from '../../doctor/report.ts';

/** What is waited for. */
export interface Condition {
  /** As somebody typed it. */
  readonly words: string;
  /** The doctor would let this pass. */
  readonly failOn: FailOn;
  /** Checks that are named; each of them must have an answer. All that are selected otherwise. */
  readonly checks?: string;
}

/** `ok`, `warning`, or ids of checks and globs over them. */
export function conditionOf(words: string): Condition {
  const trimmed = words.trim();
  if (trimmed === 'ok') return { words: trimmed, failOn: 'warn' };
  if (trimmed === 'warning') return { words: trimmed, failOn: 'fail' };
  return { words: trimmed, failOn: 'warn', checks: trimmed };
}

interface Judged {
  readonly gate: Gate;
  readonly isReached: boolean;
}

/** Waivers count here as they do for the doctor: what is let through there is not waited for. */
export async function judge(
  report: Report,
  { failOn, checks }: Condition,
  options: { readonly waivers: readonly Waiver[]; readonly today: string; readonly known: readonly string[] },
): Promise<Judged> {
  const gate = await decideGate(report, { failOn, ...options });
  // A check that was skipped passes a gate, but is not what somebody who names it waits for.
  const isAnswered =
    checks === undefined || Object.values(report.checks).every(({ status }) => status !== 'skipped');
  return { gate, isReached: gate.exitCode === EXIT.healthy && isAnswered };
}

/** The same for two reports that found the same. */
export const stateOf = ({ checks }: Report): string =>
  Object.values(checks)
    .map(({ id, status, failure }) => `${id} ${status} ${failure?.class ?? ''}`)
    .join('\n');
