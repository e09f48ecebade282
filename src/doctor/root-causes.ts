import type { CheckResult, RootCause } from './report.ts';

/**
 * Every failed row with its symptoms: the rows that were skipped because of it, and those that show the same fault from
 * another side, directly or through other rows. Warnings count only where they explain another row. Failures come
 * first, then whatever explains most.
 */
export function groupRootCauses(results: readonly CheckResult[]): RootCause[] {
  const rows = new Map(results.map((result) => [result.id, result]));
  const roots = new Map(results.map(({ id }) => [id, rootOf(id, rows)]));
  const families = Map.groupBy(results, ({ id }) => roots.get(id));
  const causes: RootCause[] = [];
  for (const result of results) {
    if (!isBad(result) || roots.get(result.id) !== result.id) continue;
    const explained = (families.get(result.id) ?? []).filter(({ id }) => id !== result.id);
    if (result.status === 'warning' && explained.length === 0) continue;
    const worst = result.issues.find((issue) => issue.severity === result.status);
    causes.push({
      check: result.id,
      // A warning that makes another row fail is what has to be mended first.
      status: explained.some(({ status }) => status === 'fail') ? 'fail' : result.status,
      ...(result.failure && { failureClass: result.failure.class }),
      cause: worst?.cause ?? result.summary,
      remedy: worst?.remedy ?? result.remediation ?? '',
      symptoms: explained.map(({ id }) => id),
    });
  }
  return causes.toSorted(
    (a, b) =>
      Number(b.status === 'fail') - Number(a.status === 'fail') || b.symptoms.length - a.symptoms.length,
  );
}

/** Follows a row to the one that explains it. Rows that explain each other in a circle each stand for themselves. */
function rootOf(id: string, rows: ReadonlyMap<string, CheckResult>): string {
  const passed = new Set<string>();
  let current = id;
  for (;;) {
    passed.add(current);
    const next = explanationOf(rows.get(current), rows);
    if (next === undefined) return current;
    if (passed.has(next)) return id;
    current = next;
  }
}

function explanationOf(
  row: CheckResult | undefined,
  rows: ReadonlyMap<string, CheckResult>,
): string | undefined {
  if (row?.status === 'skipped') return rows.has(row.skippedBecause ?? '') ? row.skippedBecause : undefined;
  const cause = rows.get(row?.causedBy ?? '');
  return row && isBad(row) && cause && isBad(cause) ? cause.id : undefined;
}

const isBad = (row: CheckResult): row is CheckResult & { status: 'fail' | 'warning' } =>
  row.status === 'fail' || row.status === 'warning';
