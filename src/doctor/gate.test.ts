import { expect, test } from 'vitest';
import { exitCodeOf } from './gate.ts';
import type { CheckResult, FailOn, Status } from './report.ts';

const rows = (...statuses: Status[]): Record<string, CheckResult> =>
  Object.fromEntries(statuses.map((status, index) => [`a.n${index}`, { status } as CheckResult]));

const table: readonly [
  statuses: readonly Status[],
  failOn: FailOn,
  interrupted: boolean,
  exitCode: number,
][] = [
  [['ok', 'idle', 'skipped'], 'fail', false, 0],
  [['ok', 'idle', 'skipped'], 'warn', false, 0],
  [['warning'], 'fail', false, 0],
  [['warning'], 'warn', false, 1],
  [['warning'], 'never', false, 0],
  [['fail'], 'fail', false, 1],
  [['fail'], 'warn', false, 1],
  [['fail'], 'never', false, 0],
  [['crashed'], 'fail', false, 3],
  [['incomplete'], 'fail', false, 3],
  [['incomplete'], 'warn', false, 3],
  [['crashed'], 'never', false, 0],
  [['fail', 'crashed'], 'fail', false, 1],
  [['warning', 'incomplete'], 'fail', false, 3],
  [['warning', 'incomplete'], 'warn', false, 1],
  [['ok'], 'fail', true, 130],
  [['fail', 'incomplete'], 'never', true, 130],
];

test.each(table)('%j with --fail-on %s, interrupted %s: %i', (statuses, failOn, interrupted, exitCode) => {
  expect(exitCodeOf({ interrupted, checks: rows(...statuses) }, failOn)).toBe(exitCode);
});
