import { expect, test } from 'vitest';
import { sampleReport } from '../../fixtures/sample-report.ts';
import type { Status } from '../doctor/report.ts';
import { flappingNotes } from './doctor-history.ts';
import type { CheckRow } from './flapping.ts';

const [id = ''] = Object.keys(sampleReport.checks);

const earlier = (...statuses: Status[]): CheckRow[] =>
  statuses.map((status, index) => ({
    run: index + 7,
    at: `2026-11-1${index}T10:00:00.000Z`,
    check: id,
    status,
    isInterrupted: false,
  }));

function notesWith(status: Status, ...before: Status[]): readonly (readonly string[])[] {
  const row = sampleReport.checks[id];
  if (!row) throw new Error('the sample report has a row');
  const notes = flappingNotes(earlier(...before), { ...sampleReport, checks: { [id]: { ...row, status } } });
  return notes.map(({ kind, text }) => [kind, text]);
}

test('the run at hand counts with those before', () => {
  expect(notesWith('ok', 'ok', 'ok')).toEqual([]);
  expect(notesWith('fail', 'ok', 'ok')).toEqual([]);
  expect(notesWith('ok', 'ok', 'fail')).toEqual([]);
  expect(notesWith('fail', 'ok', 'fail', 'ok')).toEqual([
    ['warning', 'flapping: 3 changes between good and bad in the last 4 runs, bad now'],
  ]);
  expect(notesWith('ok', 'ok', 'fail', 'ok', 'fail')).toEqual([
    ['info', 'flapping: 4 changes between good and bad in the last 5 runs, good now'],
  ]);
});

test('a check that this run did not judge is no news of it', () => {
  expect(notesWith('skipped', 'ok', 'fail', 'ok', 'fail')).toEqual([]);
});
