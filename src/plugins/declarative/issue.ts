import { fail, warn } from '../../doctor/check.ts';
import type { VerdictIssue } from '../../doctor/check.ts';
import type { Failure, FailureClass } from '../../doctor/failure.ts';
import type { CheckSpec } from './vocabulary.ts';

/** A fault as the judge of a kind sees it, before its author has a word. */
export interface Fault {
  readonly class: FailureClass;
  readonly cause: string;
  readonly measured: string;
  readonly expected: string;
  readonly remedy: string;
  readonly failure?: Partial<Omit<Failure, 'class'>>;
}

/** How bad it is and what to do about it is for the author of the check to say. */
export function issueOf(
  fault: Fault,
  { severity, remedy }: Pick<CheckSpec, 'severity' | 'remedy'>,
): VerdictIssue {
  return (severity === 'fail' ? fail : warn)({ ...fault, remedy: remedy ?? fault.remedy });
}

export const issuesOf = (faults: readonly Fault[], spec: CheckSpec): VerdictIssue[] =>
  faults.map((fault) => issueOf(fault, spec));

/** The author's own words, quoted in a sentence. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);

const MAX_QUOTED = 80;
