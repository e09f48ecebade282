import type { VerdictIssue } from '../../../src/doctor/check.ts';

/** An issue points at rows that its report has: how far a connection got decides which there are. */
export function withShownFields(
  issue: VerdictIssue,
  details: Readonly<Record<string, unknown>>,
): VerdictIssue {
  return { ...issue, fields: issue.fields.filter((field) => details[field] !== undefined) };
}
