import { once } from '../host/once.ts';
import { EXIT } from './report.ts';
import type { CheckResult, FailOn, Gate, Report, Waiver } from './report.ts';
import { findingsOf, isBad, knownFrom, reaches } from './gate/findings.ts';
import type { Finding } from './gate/findings.ts';
import { sortWaivers, unusedOf, waiverFor } from './gate/waivers.ts';
import type { Waivers } from './gate/waivers.ts';
import { groupRootCauses } from './root-causes.ts';

export interface GateOptions {
  readonly failOn: FailOn;
  readonly waivers?: readonly Waiver[];
  /** An earlier report: what stands in it already, at least as bad, does not count. */
  readonly baseline?: Pick<Report, 'checks' | 'importedFrom'> | undefined;
  /** `2026-12-31`, in UTC; see `dayOf`. */
  readonly today: string;
  /** Ids of all checks, also of those that were not selected; default those of the report. */
  readonly known?: readonly string[];
}

type Rows = Pick<Report, 'interrupted' | 'checks' | 'importedFrom'>;

/**
 * Decides whether a run passes.
 *
 * A row counts when one of its issues reaches the threshold and neither a waiver nor the baseline answers for it. A
 * waiver answers for every issue of its checks, or for those of its class. Where a row only shows the fault of another
 * (`causedBy`), what lets the cause through lets the row through: it is one fault. Rows that were skipped never count.
 *
 * Rows without an answer (`crashed`, `incomplete`) are let through by neither, since nobody knows what they would have
 * found: who can do without the answer leaves the check out with `--skip`.
 */
export async function decideGate(
  report: Rows,
  { failOn, waivers = [], baseline, today, known = Object.keys(report.checks) }: GateOptions,
): Promise<Gate> {
  const sorted = await sortWaivers(waivers, today);
  return {
    failOn,
    ...judge(report, {
      failOn,
      waivers: sorted,
      isKnown: baseline ? knownFrom(baseline, report) : () => false,
    }),
    expired: sorted.expired,
    unused: unusedOf(sorted, report.checks, known),
  };
}

const NO_WAIVERS: Waivers = { active: [], expired: [] };

/** The exit code of a finished run for which nothing is waived, the same in every format. */
export function exitCodeOf(report: Rows, failOn: FailOn): number {
  return judge(report, { failOn, waivers: NO_WAIVERS, isKnown: undefined }).exitCode;
}

interface Leniency {
  readonly failOn: FailOn;
  readonly waivers: Waivers;
  /** Whether it stands in the baseline; undefined without one. */
  readonly isKnown: ((finding: Finding) => boolean) | undefined;
}

/** What answers for a finding. */
type Answer = Waiver | 'known';

function judge(
  { interrupted, checks }: Rows,
  { failOn, waivers, isKnown }: Leniency,
): Pick<Gate, 'exitCode' | 'counted' | 'waived' | 'known'> {
  const rows = Object.values(checks);
  // With nothing to let a row through, nobody has to know what caused it.
  const isStrict = waivers.active.length === 0 && !isKnown;
  const causes = causesOf(checks);
  const counted: string[] = [];
  const waived: Gate['waived'][number][] = [];
  const known: string[] = [];
  for (const row of rows) {
    const findings = findingsOf(row).filter(({ severity }) => reaches(severity, failOn));
    if (findings.length === 0) continue;
    const answers = isStrict ? undefined : (answersFor(findings) ?? answersForCause(row));
    if (answers === undefined) {
      counted.push(row.id);
      continue;
    }
    if (answers.has('known')) known.push(row.id);
    for (const answer of answers)
      if (answer !== 'known') waived.push({ check: row.id, reason: answer.reason, expires: answer.expires });
  }
  return { exitCode: exitCode(), counted, waived, known };

  function answersFor(findings: readonly Finding[]): ReadonlySet<Answer> | undefined {
    const answers = new Set<Answer>();
    for (const finding of findings) {
      const answer = waiverFor(waivers, finding) ?? (isKnown?.(finding) ? 'known' : undefined);
      if (answer === undefined) return undefined;
      answers.add(answer);
    }
    return answers;
  }

  /** Of the cause, its worst issues are asked about: a lesser one beside them explains no other row. */
  function answersForCause({ id }: CheckResult): ReadonlySet<Answer> | undefined {
    const cause = causes().get(id);
    return cause && answersFor(findingsOf(cause).filter(({ severity }) => severity === cause.status));
  }

  // First match wins.
  function exitCode(): number {
    if (interrupted) return EXIT.interrupted;
    if (failOn === 'never') return EXIT.healthy;
    if (counted.length > 0) return EXIT.threshold;
    return rows.some(({ status }) => status === 'crashed' || status === 'incomplete')
      ? EXIT.incomplete
      : EXIT.healthy;
  }
}

/** The row whose fault a row shows, for those that show one of another; worked out when it is first asked for. */
const causesOf = (checks: Report['checks']): (() => ReadonlyMap<string, CheckResult>) =>
  once(
    () =>
      new Map(
        groupRootCauses(Object.values(checks)).flatMap(({ check, symptoms }) => {
          const cause = checks[check];
          return cause && isBad(cause) ? symptoms.map((id): [string, CheckResult] => [id, cause]) : [];
        }),
      ),
  );
