import { shortened } from './shorten.ts';

/** A tag that lists ids is cut to this many characters, as the reference cuts it (spec/observability.md 6). */
const MAX_TAG_LENGTH = 256;
const UNKNOWN = 'unknown';

/**
 * What a report of the doctor says in a few searchable words: the overall status, how many checks are ok, warn and fail,
 * and which. Takes a report of stethos and of the reference, old and new: members in camelCase or snake_case, checks as an
 * object or a list. Other statuses than those three are not counted. What is no report has no tags.
 */
export function doctorTags(report: unknown): Readonly<Record<string, string>> {
  if (!isRecord(report)) return {};
  const checks = rowsOf(report['checks']);
  const idsWith = (status: string): readonly string[] =>
    checks
      .filter((check) => check['status'] === status)
      .map(({ id }) => (typeof id === 'string' && id !== '' ? id : UNKNOWN));
  const [ok, warnings, failed] = [idsWith('ok'), idsWith('warning'), idsWith('fail')];
  const overall = report['overallStatus'] ?? report['overall_status'];
  return {
    doctor_overall_status: typeof overall === 'string' ? shortened(overall, MAX_TAG_LENGTH) : UNKNOWN,
    doctor_ok_count: String(ok.length),
    doctor_warning_count: String(warnings.length),
    doctor_fail_count: String(failed.length),
    ...(failed.length > 0 && { doctor_failed_checks: shortened(failed.join(','), MAX_TAG_LENGTH) }),
    ...(warnings.length > 0 && { doctor_warning_checks: shortened(warnings.join(','), MAX_TAG_LENGTH) }),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function rowsOf(checks: unknown): readonly Readonly<Record<string, unknown>>[] {
  const rows: readonly unknown[] = Array.isArray(checks)
    ? checks
    : isRecord(checks)
      ? Object.values(checks)
      : [];
  return rows.filter(isRecord);
}
