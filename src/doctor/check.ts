import type { CheckContext } from './context.ts';
import { failure } from './failure.ts';
import type { Failure, FailureClass } from './failure.ts';
import type { Details, DetailValue, Issue, Note, Section, Severity } from './report.ts';

/**
 * One check: one file, one default export, one id that is also its path (`checks/state/paths.ts` is `state.paths`).
 * `probe` touches the world once and returns plain evidence; it may throw, the runner turns that into a row. `judge` is
 * pure: evidence in, verdict out.
 *
 * The members are methods on purpose: a registry holds checks of every evidence type side by side.
 */
export interface Check<Evidence = unknown> {
  readonly id: string;
  readonly section: Section;
  /** Short lower-case row label. */
  readonly category: string;
  /** What is true when the check passes, as a statement. */
  readonly title: string;
  /** Checks that this one builds on: when one of them fails, this one is skipped with that as the reason. */
  readonly needs?: readonly string[];
  /**
   * Checks that report why this one has nothing to say, such as an unusable home. It runs without them; where the user
   * selects a subject and not ids, they come along, so that its silence is explained. Where ids are selected, whatever a
   * skipped row names as its reason comes along afterwards.
   */
  readonly defersTo?: readonly string[];
  /** Time that the probe may take, milliseconds; later the row is `incomplete`. */
  readonly budgetMs: number;
  /** Talks to another machine; skipped with `--offline`. */
  readonly network?: boolean;
  /** The page that explains this check: a web address, or a path in this package. Default `docs/checks/<id>.md`. */
  readonly docs?: string;
  probe(context: CheckContext): Evidence | Promise<Evidence>;
  judge(seen: Evidence): Verdict;
}

export function defineCheck<Evidence>(check: Check<Evidence>): Check<Evidence> {
  return check;
}

export interface VerdictIssue extends Omit<Issue, 'docs' | 'failureClass'> {
  readonly failure?: Failure;
}

/** What a judge says. Its status is never stated: it follows from the issues, so no row can be bad without a reason. */
export interface Verdict {
  /** `incomplete` is said by checks that measure their time themselves: a probe in another process ran out of it. */
  readonly kind: 'judged' | 'idle' | 'skipped' | 'incomplete';
  readonly summary: string;
  readonly details: Details;
  readonly issues: readonly VerdictIssue[];
  readonly notes: readonly Omit<Note, 'check'>[];
  readonly skippedBecause?: string;
  readonly causedBy?: string;
}

interface Conclusion {
  /** Said when there is no issue; with issues, the first cause leads unless this one is given by `summaryWithIssues`. */
  readonly summary: string;
  /** Undefined values are left out, so that a judge can list what may be absent. */
  readonly details?: Readonly<Record<string, DetailValue | undefined>>;
  readonly issues?: readonly VerdictIssue[];
  readonly notes?: readonly Omit<Note, 'check'>[];
  /**
   * Id of the check whose fault this row only shows. The row keeps its own status and class; where that other row is
   * bad too, the two are one root cause. Names of checks that did not run, or found nothing, change nothing.
   */
  readonly causedBy?: string | undefined;
}

/** The usual verdict: ok without issues, otherwise as bad as the worst issue. */
export function conclude({ summary, details = {}, issues = [], notes = [], causedBy }: Conclusion): Verdict {
  return {
    kind: 'judged',
    summary: issues.length === 0 ? summary : causesOf(issues),
    details: present(details),
    issues,
    notes,
    ...(causedBy !== undefined && issues.length > 0 && { causedBy }),
  };
}

/** Nothing is wrong and nothing is running or set up: there was nothing to judge. */
export function idle({
  summary,
  details = {},
  notes = [],
}: Omit<Conclusion, 'issues' | 'causedBy'>): Verdict {
  return { kind: 'idle', summary, details: present(details), issues: [], notes };
}

/**
 * The question could not be put.
 * @param because id of the check that already reports the reason, or a word such as `--no-exec`
 */
export function skip({
  because,
  summary,
  details = {},
}: { because: string } & Omit<Conclusion, 'issues' | 'notes' | 'causedBy'>): Verdict {
  return {
    kind: 'skipped',
    summary,
    details: present(details),
    issues: [],
    notes: [],
    skippedBecause: because,
  };
}

interface IssueInput {
  readonly cause: string;
  readonly measured: string;
  readonly expected: string;
  readonly remedy: string;
  readonly class: FailureClass;
  readonly fields?: readonly string[];
  readonly command?: string;
  readonly failure?: Partial<Omit<Failure, 'class'>>;
}

export const warn = (input: IssueInput): VerdictIssue => issueOf('warning', input);
export const fail = (input: IssueInput): VerdictIssue => issueOf('fail', input);

function issueOf(
  severity: Severity,
  { class: failureClass, fields = [], failure: more = {}, ...rest }: IssueInput,
): VerdictIssue {
  return { ...rest, severity, fields, failure: failure(failureClass, more.message ?? rest.cause, more) };
}

function causesOf(issues: readonly VerdictIssue[]): string {
  const [first, second] = issues.toSorted((a, b) => rank(b.severity) - rank(a.severity));
  if (!first) return '';
  if (!second) return first.cause;
  return `${issues.length} issues: ${first.cause}; ${second.cause}`;
}

const rank = (severity: Severity): number => (severity === 'fail' ? 1 : 0);

function present(details: Readonly<Record<string, DetailValue | undefined>>): Details {
  const kept: Record<string, DetailValue> = {};
  for (const [label, value] of Object.entries(details)) if (value !== undefined) kept[label] = value;
  return kept;
}
