import type { FailureClass } from '../failure.ts';
import type { CheckResult, FailOn, Report, Severity } from '../report.ts';

/** What a gate decides on: one fault of one row. */
export interface Finding {
  readonly check: string;
  readonly severity: Severity;
  readonly failureClass: FailureClass | undefined;
}

/** A row that found something bad. One without an answer (`crashed`, `incomplete`) has found nothing. */
export const isBad = (row: CheckResult): row is CheckResult & { readonly status: Severity } =>
  row.status === 'fail' || row.status === 'warning';

/** What is wrong in a row, one finding for each issue. */
export function findingsOf(row: CheckResult): readonly Finding[] {
  if (!isBad(row)) return [];
  const { id: check, issues, status } = row;
  const found = issues.map(({ severity, failureClass }) => ({ check, severity, failureClass }));
  // Reports of other tools say that a row is bad without listing issues.
  return found.some(({ severity }) => severity === status)
    ? found
    : [...found, { check, severity: status, failureClass: row.failure?.class }];
}

export function reaches(severity: Severity, failOn: FailOn): boolean {
  return failOn === 'warn' || (failOn === 'fail' && severity === 'fail');
}

type Source = Pick<Report, 'importedFrom'>;

/** Other doctors know no classes of failure: those that such a report has were guessed when it was read. */
const hasClasses = ({ importedFrom }: Source): boolean =>
  importedFrom === undefined || importedFrom.format === 'stethos';

/**
 * Whether a finding of a report stands in an earlier one already, at least as bad. The same finding has the same check and
 * class, or the same check where one of the two has no classes: words and values change from run to run.
 */
export function knownFrom(
  baseline: Pick<Report, 'checks' | 'importedFrom'>,
  report: Source,
): (finding: Finding) => boolean {
  const isByClass = hasClasses(baseline) && hasClasses(report);
  const identityOf = ({ check, failureClass }: Finding): string =>
    isByClass ? `${check} ${failureClass ?? ''}` : check;
  const failures = new Set<string>();
  const any = new Set<string>();
  for (const finding of Object.values(baseline.checks).flatMap(findingsOf)) {
    any.add(identityOf(finding));
    if (finding.severity === 'fail') failures.add(identityOf(finding));
  }
  return (finding) => (finding.severity === 'fail' ? failures : any).has(identityOf(finding));
}
