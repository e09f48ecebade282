import { idMatcher } from '../glob.ts';
import type { CheckResult, Waiver } from '../report.ts';
import { findingsOf } from './findings.ts';
import type { Finding } from './findings.ts';

/** A waiver that holds today. */
interface Active {
  readonly waiver: Waiver;
  readonly matches: (id: string) => boolean;
}

export interface Waivers {
  readonly active: readonly Active[];
  readonly expired: readonly Waiver[];
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** The day in UTC, as {@link Waiver} spells its last one. @param nowMs Unix time in milliseconds */
export const dayOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 10);

/** Tells waivers that hold today from those whose last day is over. One without a readable day holds never. */
export async function sortWaivers(waivers: readonly Waiver[], today: string): Promise<Waivers> {
  const holds = ({ expires }: Waiver): boolean => DAY.test(expires) && today <= expires;
  const active = waivers.filter(holds).map(async (waiver) => ({
    waiver,
    matches: await idMatcher(waiver.check),
  }));
  return { active: await Promise.all(active), expired: waivers.filter((waiver) => !holds(waiver)) };
}

/** The first waiver that lets a finding through. */
export const waiverFor = ({ active }: Waivers, finding: Finding): Waiver | undefined =>
  active.find((each) => fits(each, finding))?.waiver;

const fits = ({ waiver, matches }: Active, { check, failureClass }: Finding): boolean =>
  matches(check) && (waiver.failureClass === undefined || waiver.failureClass === failureClass);

/**
 * Waivers that nothing bad needs any more, whatever the threshold is. Only where every check that the waiver speaks of
 * was asked and has answered: of the others nobody knows.
 * @param known ids of all checks, selected or not
 */
export function unusedOf(
  { active }: Waivers,
  rows: Readonly<Record<string, CheckResult>>,
  known: readonly string[],
): readonly Waiver[] {
  const findings = Object.values(rows).flatMap(findingsOf);
  const hasAnswered = (id: string): boolean => {
    const status = Object.hasOwn(rows, id) ? rows[id]?.status : undefined;
    return status === 'ok' || status === 'idle' || status === 'warning' || status === 'fail';
  };
  return active
    .filter((each) => {
      const meant = known.filter(each.matches);
      return meant.length > 0 && meant.every(hasAnswered) && !findings.some((found) => fits(each, found));
    })
    .map(({ waiver }) => waiver);
}
