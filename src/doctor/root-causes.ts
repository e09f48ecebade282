import type { CheckResult, RootCause } from './report.ts';

/**
 * Every failed row with the rows that were skipped because of it, directly or through another skipped row; and those
 * warnings that made others pointless. Failures come first, then whatever explains most.
 */
export function groupRootCauses(results: readonly CheckResult[]): RootCause[] {
  const causes: RootCause[] = [];
  for (const result of results) {
    if (result.status !== 'fail' && result.status !== 'warning') continue;
    const symptoms = symptomsOf(result.id, results);
    if (result.status === 'warning' && symptoms.length === 0) continue;
    const worst = result.issues.find((issue) => issue.severity === result.status);
    causes.push({
      check: result.id,
      status: result.status,
      ...(result.failure && { failureClass: result.failure.class }),
      cause: worst?.cause ?? result.summary,
      remedy: worst?.remedy ?? result.remediation ?? '',
      symptoms,
    });
  }
  return causes.toSorted(
    (a, b) =>
      Number(b.status === 'fail') - Number(a.status === 'fail') || b.symptoms.length - a.symptoms.length,
  );
}

function symptomsOf(id: string, results: readonly CheckResult[]): string[] {
  const explained = new Set([id]);
  // Rows stand in registry order and a check only builds on earlier ones, so one pass follows every chain.
  for (const result of results) {
    if (result.status === 'skipped' && result.skippedBecause && explained.has(result.skippedBecause))
      explained.add(result.id);
  }
  explained.delete(id);
  return [...explained];
}
