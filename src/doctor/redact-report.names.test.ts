import { expect, test } from 'vitest';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { redactReport } from './redact-report.ts';
import type { Report } from './report.ts';

/** Every name that a reporter looks a value up by. */
function namesIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([name, value]) => [
    ...(Array.isArray(data) ? [] : [name]),
    ...namesIn(value),
  ]);
}

const { checks, ...frame } = sampleReport;
const rows = Object.values(checks).map(({ details: _labels, ...row }) => row);
const names = [...new Set(['details', 'checks', ...namesIn([frame, rows])])];

/** In their order, without the ledger. */
const namesOf = ({ checks: all, redactions: _ledger, ...rest }: Report): string[] => [
  ...namesIn(rest),
  ...Object.values(all).flatMap(({ details: _labels, ...row }) => ['details', ...namesIn(row)]),
];

test.each(names)('a user may be called %s', (userName) => {
  const clean = redactReport(sampleReport, { userDirectory: `/home/${userName}`, userName });
  expect(namesOf(clean)).toEqual(namesOf(sampleReport));
});
