import type { CheckResult, RedactedReport } from '../../src/doctor/report.ts';
import { passedAt } from '../findings.ts';

/** What a row is to a machine that knows passing and failing alone. */
export type Outcome =
  | { readonly kind: 'passed' | 'skipped' }
  /** Counts at the gate. */
  | { readonly kind: 'failed' }
  /** Is bad, and below the threshold. */
  | { readonly kind: 'warned' }
  /** Bad enough to count, but waived or known. */
  | { readonly kind: 'let_through'; readonly why: string }
  /** Crashed or out of time: nobody knows. */
  | { readonly kind: 'unanswered' };

/**
 * The outcome agrees with the gate: what fails here is what makes the exit code 1. Without a gate, and with `--fail-on
 * never`, failures fail: who asks for that wants an exit code of 0, and leaves the judgement to the reader of the report.
 */
export function outcomeOf(row: CheckResult, { gate }: Pick<RedactedReport, 'gate'>): Outcome {
  switch (row.status) {
    case 'ok':
    case 'idle':
      return { kind: 'passed' };
    case 'skipped':
      return { kind: 'skipped' };
    case 'crashed':
    case 'incomplete':
      return { kind: 'unanswered' };
    case 'warning':
    case 'fail': {
      const why = whyLetThrough(row, gate);
      if (why !== undefined) return { kind: 'let_through', why };
      const counts = gate && gate.failOn !== 'never' ? gate.counted.includes(row.id) : row.status === 'fail';
      return { kind: counts ? 'failed' : 'warned' };
    }
  }
}

/** `waived until 2026-12-31: the reason`; undefined for a row that nothing lets through. */
export function whyLetThrough(
  { id }: Pick<CheckResult, 'id'>,
  gate: RedactedReport['gate'],
): string | undefined {
  const passed = passedAt(gate, id);
  if (!passed) return undefined;
  return passed.because === 'waived'
    ? `waived until ${passed.expires}: ${passed.reason}`
    : 'known from the baseline';
}
