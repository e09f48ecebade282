import type { CheckResult, FailOn, Report } from './report.ts';

export const EXIT = { healthy: 0, threshold: 1, usage: 2, incomplete: 3, interrupted: 130 } as const;

/** The exit code of a finished run, the same in every format. First match wins (DESIGN section 4). */
export function exitCodeOf(
  { interrupted, checks }: Pick<Report, 'interrupted' | 'checks'>,
  failOn: FailOn,
): number {
  if (interrupted) return EXIT.interrupted;
  if (failOn === 'never') return EXIT.healthy;
  const some = (...statuses: CheckResult['status'][]): boolean =>
    Object.values(checks).some(({ status }) => statuses.includes(status));
  if (failOn === 'warn' ? some('fail', 'warning') : some('fail')) return EXIT.threshold;
  return some('crashed', 'incomplete') ? EXIT.incomplete : EXIT.healthy;
}
