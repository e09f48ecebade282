import type { CheckResult, DetailValue, Report } from '../report.ts';
import { same } from './volatile.ts';

type Imported = Pick<Report, 'importedFrom'>;

const shapeOf = ({ importedFrom }: Imported): string => importedFrom?.format ?? 'stethos';

/** Whether two reports were written by different doctors, so that what they say alike is spelt differently. */
export const areOfTwoShapes = (one: Imported, other: Imported): boolean => shapeOf(one) !== shapeOf(other);

/** Values as both shapes spell them: other doctors write every value as text. Numbers and texts are not compared. */
export function meansTheSame(one: DetailValue | undefined, other: DetailValue | undefined): boolean {
  if (same(one, other) || one === undefined || other === undefined) return true;
  const isNumber = typeof one === 'number' || typeof other === 'number';
  return isNumber || spelt(one) === spelt(other) || spelt(one) === UNKNOWN || spelt(other) === UNKNOWN;
}

const UNKNOWN = 'unknown';

function spelt(value: DetailValue): string {
  if (value === null) return UNKNOWN;
  if (typeof value === 'object') return value.length === 0 ? 'none' : value.join(', ');
  return String(value);
}

/** `idle` and `skipped` are ours alone: to others such a row is fine. */
export const isFine = ({ status }: Pick<CheckResult, 'status'>): boolean =>
  status === 'ok' || status === 'idle' || status === 'skipped';
