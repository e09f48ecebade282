import { FAILURE_CLASSES } from '../failure.ts';
import type { Failure, FailureClass, FailurePhase } from '../failure.ts';
import type { CheckResult, Details, DetailValue, Issue, Severity, Status } from '../report.ts';
import { integerOf, inOrderOf, listOf, member, numberOf, oneOf, recordOf, textOf } from './narrow.ts';
import type { JsonRecord } from './narrow.ts';

const CLASSES = Object.keys(FAILURE_CLASSES) as FailureClass[];
const PHASES: readonly FailurePhase[] = [...new Set(Object.values(FAILURE_CLASSES))];

/** Where a report says that something is wrong and not what to do. */
export const NO_REMEDY = 'The report names no remedy.';

export const failureClassOf = (value: unknown): FailureClass | undefined => oneOf(CLASSES, value);

/** Values of details; what is none of them, such as an object, is named, since nobody can show it. */
export function detailsOf(value: unknown, valueOf: (label: string, value: unknown) => DetailValue): Details {
  return Object.fromEntries(
    Object.entries(recordOf(value) ?? {}).map(([label, inner]) => [label, valueOf(label, inner)]),
  );
}

export function detailOf(value: unknown): DetailValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return numberOf(value) ?? String(value);
  const list = listOf(value);
  return list ? list.map(wordOf) : 'an object';
}

function wordOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

export function issueOf(
  value: unknown,
  defaults: Pick<Issue, 'severity' | 'cause' | 'remedy' | 'docs'>,
): Issue {
  const read = recordOf(value) ?? {};
  const failureClass = failureClassOf(member(read, 'failureClass'));
  const command = member(read, 'command');
  const docs = member(read, 'docs');
  const issue: Issue = {
    severity: oneOf<Severity>(['warning', 'fail'], member(read, 'severity')) ?? defaults.severity,
    cause: textOf(member(read, 'cause')) ?? defaults.cause,
    // Not every report says them; an empty text is shown nowhere.
    measured: textOf(member(read, 'measured')) ?? '',
    expected: textOf(member(read, 'expected')) ?? '',
    remedy: textOf(member(read, 'remedy')) ?? defaults.remedy,
    fields: (listOf(member(read, 'fields')) ?? []).filter((field) => typeof field === 'string'),
    ...(failureClass && { failureClass }),
    ...(typeof command === 'string' && { command }),
    docs: typeof docs === 'string' ? docs : defaults.docs,
  };
  return inOrderOf(read, issue);
}

export function failureOf(value: unknown, message: string): Failure | undefined {
  const read = recordOf(value);
  const failureClass = failureClassOf(read && member(read, 'class'));
  if (!read || !failureClass) return undefined;
  const failure: Failure = {
    class: failureClass,
    phase: oneOf(PHASES, member(read, 'phase')) ?? FAILURE_CLASSES[failureClass],
    message: textOf(member(read, 'message')) ?? message,
    ...given(read, ['httpStatus', 'closeCode'], integerOf),
    ...given(read, ['retryAfterMs'], numberOf),
    ...given(read, ['code', 'requestId', 'cfRay'], (inner) =>
      typeof inner === 'string' ? inner : undefined,
    ),
  };
  return inOrderOf(read, failure);
}

function given<Value>(
  read: JsonRecord,
  names: readonly string[],
  narrow: (value: unknown) => Value | undefined,
): Record<string, Value> {
  const found: Record<string, Value> = {};
  for (const name of names) {
    const value = narrow(member(read, name));
    if (value !== undefined) found[name] = value;
  }
  return found;
}

type Base = Omit<CheckResult, 'failure' | 'remediation' | 'issues' | 'status'>;

/** What a row says of itself, as far as it says it. */
interface Said {
  readonly status: Status;
  readonly issues: readonly Issue[];
  readonly remediation: string | undefined;
  readonly failure: Failure | undefined;
  readonly failureClass: () => FailureClass;
}

/**
 * The row, with what no bad row may lack: an issue, a class and a remedy. Its status is at least as bad as its issues,
 * so that none is called healthy that names a fault.
 */
export function rowWith(
  base: Base,
  { status, issues, remediation, failure, failureClass }: Said,
): CheckResult {
  const worst = issues.some(({ severity }) => severity === 'fail') ? 'fail' : 'warning';
  const isSound = status === 'ok' || status === 'idle';
  const judged =
    issues.length > 0 && (isSound || (status === 'warning' && worst === 'fail')) ? worst : status;
  if (judged !== 'warning' && judged !== 'fail') {
    return { ...base, status, issues, ...(failure && { failure }), remediation: remediation ?? null };
  }
  const remedy = remediation ?? NO_REMEDY;
  const own = failure ?? madeFailure(failureClass(), issues[0]?.cause ?? base.summary);
  const named: readonly Issue[] =
    issues.length > 0
      ? issues
      : [
          {
            severity: judged,
            cause: base.summary,
            measured: '',
            expected: '',
            remedy,
            fields: [],
            failureClass: own.class,
            docs: '',
          },
        ];
  return {
    ...base,
    status: judged,
    issues: named,
    failure: own,
    remediation: remediation ?? [...new Set(named.map((issue) => issue.remedy))].join(' '),
  };
}

const madeFailure = (failureClass: FailureClass, message: string): Failure => ({
  class: failureClass,
  phase: FAILURE_CLASSES[failureClass],
  message,
});
