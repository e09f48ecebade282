import fc from 'fast-check';
import { expect, test } from 'vitest';
import { doctorTags } from './doctor-tags.ts';

const ROWS = [
  { id: 'runtime.node', status: 'ok' },
  { id: 'network.dns', status: 'fail' },
  { id: 'auth.live', status: 'fail' },
  { id: 'state.growth', status: 'warning' },
  { id: 'mcp.config', status: 'skipped' },
  { id: 'terminal.env', status: 'idle' },
];
const TAGS = {
  doctor_overall_status: 'fail',
  doctor_ok_count: '1',
  doctor_warning_count: '1',
  doctor_fail_count: '2',
  doctor_failed_checks: 'network.dns,auth.live',
  doctor_warning_checks: 'state.growth',
};

test.each([
  [
    'an object of checks',
    { overallStatus: 'fail', checks: Object.fromEntries(ROWS.map((row) => [row.id, row])) },
  ],
  ['the older list of checks', { overall_status: 'fail', checks: ROWS }],
])('%s', (_name, report) => expect(doctorTags(report)).toEqual(TAGS));

test('counts are there even when they are zero, lists of ids only when they name one', () => {
  expect(doctorTags({ overallStatus: 'ok', checks: {} })).toEqual({
    doctor_overall_status: 'ok',
    doctor_ok_count: '0',
    doctor_warning_count: '0',
    doctor_fail_count: '0',
  });
});

test('a check without an id, and a report without a status, are unknown', () => {
  expect(doctorTags({ checks: [{ status: 'fail' }, { id: 7, status: 'fail' }] })).toMatchObject({
    doctor_overall_status: 'unknown',
    doctor_failed_checks: 'unknown,unknown',
  });
});

test.each([['text'], [null], [undefined], [[]], [7]])('%j is no report', (value) =>
  expect(doctorTags(value)).toEqual({}),
);

test('a long list of ids is cut to 256 characters', () => {
  const checks = Array.from({ length: 60 }, (_, index) => ({ id: `area.check${index}`, status: 'fail' }));
  const cut = doctorTags({ checks })['doctor_failed_checks'] ?? '';
  expect(cut).toHaveLength(256);
  expect(cut).toMatch(/^area\.check0,area\.check1,.*\.\.\.$/);
});

test('whatever is given, tags are short texts', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (overallStatus, checks) => {
      for (const value of Object.values(doctorTags({ overallStatus, checks })))
        expect(value.length).toBeLessThanOrEqual(256);
    }),
  );
});
