import { SECTIONS } from '../src/doctor/report.ts';
import type { CheckResult, Gate, RedactedReport, Status } from '../src/doctor/report.ts';

/** A row that is not well, with what a reader wants to know of it besides. */
export interface Finding {
  readonly result: CheckResult;
  /** Id of the row whose fault this one only shows. */
  readonly root?: string;
  readonly passed?: Passed;
}

/** Why a bad row does not count at the gate. */
export type Passed =
  | { readonly because: 'waived'; readonly reason: string; readonly expires: string }
  | { readonly because: 'known' };

/** Of a row that somebody has to look at. */
const BAD: readonly Status[] = ['fail', 'warning', 'crashed', 'incomplete'];

/**
 * The rows that are not well, in the order in which they are worth a reader's time: failures (causes before their
 * symptoms), warnings, checks without an answer.
 */
export function findingsOf(report: RedactedReport): readonly Finding[] {
  const causes = report.rootCauses.map(({ check }) => check);
  const roots = new Map(
    report.rootCauses.flatMap(({ check, symptoms }) => symptoms.map((symptom) => [symptom, check] as const)),
  );
  const place = ({ result }: Finding): number => {
    const index = causes.indexOf(result.id);
    return index < 0 ? causes.length : index;
  };
  return Object.values(report.checks)
    .filter(({ status }) => BAD.includes(status))
    .map((result): Finding => {
      const root = roots.get(result.id);
      const passed = passedAt(report.gate, result.id);
      return { result, ...(root !== undefined && { root }), ...(passed && { passed }) };
    })
    .toSorted((a, b) => BAD.indexOf(a.result.status) - BAD.indexOf(b.result.status) || place(a) - place(b));
}

/** The sections that have rows, in their order; a pasted report may have sections of its own, which come last. */
export function sectionsOf({
  checks,
}: RedactedReport): readonly (readonly [section: string, rows: readonly CheckResult[]])[] {
  const results = Object.values(checks);
  const names = new Set<string>([...SECTIONS, ...results.map(({ section }) => section)]);
  return [...names]
    .map((name) => [name, results.filter(({ section }) => section === name)] as const)
    .filter(([, rows]) => rows.length > 0);
}

/** A row of the report: its own, not what every object has by nature. */
export const rowOf = ({ checks }: Pick<RedactedReport, 'checks'>, id: string): CheckResult | undefined =>
  Object.hasOwn(checks, id) ? checks[id] : undefined;

/** Why the gate lets a bad row through; undefined where it does not, and where there is none. */
export function passedAt(gate: Gate | undefined, id: string): Passed | undefined {
  const waiver = gate?.waived.find(({ check }) => check === id);
  if (waiver) return { because: 'waived', reason: waiver.reason, expires: waiver.expires };
  return gate?.known.includes(id) ? { because: 'known' } : undefined;
}

/** What to do about a row: each remedy once. */
export function remediesOf({
  issues,
  remediation,
}: Pick<CheckResult, 'issues' | 'remediation'>): readonly string[] {
  const remedies = [...new Set(issues.map(({ remedy }) => remedy))];
  return remedies.length === 0 && remediation !== null ? [remediation] : remedies;
}

/** Commands that are safe to copy, each once. */
export const commandsOf = ({ issues }: Pick<CheckResult, 'issues'>): readonly string[] => [
  ...new Set(issues.flatMap(({ command }) => (command === undefined || command === '' ? [] : [command]))),
];

/** Of a built-in check; it comes with the package. */
const CHECK_PAGE = /^docs\/checks\/([\w.]+)\.md$/;

/**
 * Where something is explained, for readers who have no file of the package at hand: the command that prints the page of
 * a built-in check, otherwise what the check named itself. Undefined where nothing is named.
 */
export function explainedAt(docs: string): string | undefined {
  const check = CHECK_PAGE.exec(docs)?.[1];
  return check === undefined ? docs || undefined : `stethos explain ${check}`;
}

/** Where a row is explained: what its issues name, each once. A row that is well names nothing. */
export const pagesOf = ({ issues }: Pick<CheckResult, 'issues'>): readonly string[] => [
  ...new Set(issues.flatMap(({ docs }) => explainedAt(docs) ?? [])),
];
