import { withNamesOf } from '../../redact/member-names.ts';
import { createRedactor } from '../../redact/redactor.ts';
import type { RedactorOptions } from '../../redact/redactor.ts';
import type { CheckDifference, Comparison, Reading, RedactedComparison } from './comparison.ts';

/**
 * The only maker of a {@link RedactedComparison}. One redactor sees both sides, so that a secret which changed is seen to
 * have changed. Ids and words of closed lists stay as they are.
 */
export function redactComparison(comparison: Comparison, options: RedactorOptions): RedactedComparison {
  const clean = withNamesOf(comparison, createRedactor(options).value(comparison));
  const shown: Comparison = {
    ...clean,
    before: { ...clean.before, overallStatus: comparison.before.overallStatus },
    after: { ...clean.after, overallStatus: comparison.after.overallStatus },
    checks: clean.checks.map((check, index) => restored(check, comparison.checks[index])),
  };
  return shown as unknown as RedactedComparison;
}

function restored(clean: CheckDifference, original: CheckDifference | undefined): CheckDifference {
  if (!original) throw new TypeError('the redactor lost a check');
  return {
    ...clean,
    check: original.check,
    change: original.change,
    ...(original.cause !== undefined && { cause: original.cause }),
    ...(clean.before && original.before && { before: restoredReading(clean.before, original.before) }),
    ...(clean.after && original.after && { after: restoredReading(clean.after, original.after) }),
  };
}

const restoredReading = (
  clean: Reading,
  { status, failureClass }: Pick<Reading, 'status' | 'failureClass'>,
): Reading => ({ ...clean, status, ...(failureClass && { failureClass }) });
