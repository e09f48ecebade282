import { createHash } from 'node:crypto';
import type { CheckResult } from '../../src/doctor/report.ts';

/** Half of a SHA-256 tells any number of findings apart. */
const LENGTH = 32;

/**
 * For each issue of a row what makes it the same in the next run and on another machine: the check, the class and the
 * labels concerned. Words are no part of it, since they carry paths, versions and what was measured. Issues that agree in
 * all of this are numbered.
 *
 * GitHub knows `primaryLocationLineHash` alone. Left to itself it hashes the line of the anchor file, which is the same
 * for all results.
 */
export function fingerprintsOf({
  id,
  issues,
  failure,
}: CheckResult): readonly Readonly<Record<string, string>>[] {
  const seen = new Map<string, number>();
  return issues.map(({ failureClass, fields }) => {
    const identity = JSON.stringify([id, failureClass ?? failure?.class ?? null, fields.toSorted()]);
    const number = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, number);
    const hash = createHash('sha256').update(identity).digest('hex').slice(0, LENGTH);
    const value = `${hash}:${number}`;
    return { 'stethosFinding/v1': value, primaryLocationLineHash: value };
  });
}
