import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gatedReport, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { PLAIN_STYLE, shown } from '../fixtures/shown.ts';
import { redactReport } from '../src/doctor/redact-report.ts';
import type { CheckResult, Gate, Report } from '../src/doctor/report.ts';
import { nagios, nagiosState } from './nagios.ts';

const row = (id: string): CheckResult => {
  const found = gatedReport.checks[id];
  if (!found) throw new Error(`the sample has no row ${id}`);
  return found;
};
const { gate: sampleGate } = gatedReport;
if (!sampleGate) throw new Error('the sample lost its gate');
const of = (ids: readonly string[], gate: Partial<Gate> = {}, more: Partial<Report> = {}): Report => ({
  ...gatedReport,
  checks: Object.fromEntries(ids.map((id) => [id, row(id)])),
  gate: { ...sampleGate, counted: [], waived: [], known: [], ...gate },
  ...more,
});

test('one line', async () => {
  expect(await shown(nagios)).toBe(
    'STETHOS CRITICAL - 3 failures of 2 causes, 1 warning, 2 checks without an answer - 2 let through - ' +
      'state.integrity: the state DB is damaged | ' +
      "'ok'=5;;;0 'idle'=1;;;0 'warning'=1;;;0 'fail'=3;;;0 'skipped'=1;;;0 'incomplete'=1;;;0 'crashed'=1;;;0 " +
      "'waived'=1;;;0 'known'=1;;;0 'time'=0.043s;;;0\n",
  );
});

describe('the state', () => {
  const waived = [{ check: 'state.integrity', reason: 'a copy', expires: '2026-12-31' }];
  test.each([
    ['all is well', of(['installation', 'app_server.status']), 'OK'],
    [
      'something fails',
      of(['installation', 'state.integrity'], { counted: ['state.integrity'] }),
      'CRITICAL',
    ],
    ['something warns', of(['terminal.env'], { counted: ['terminal.env'] }), 'WARNING'],
    ['something warns below the threshold', of(['terminal.env'], { failOn: 'fail' }), 'WARNING'],
    ['what fails is waived', of(['state.integrity'], { waived }), 'OK'],
    ['what warns is known', of(['terminal.env'], { known: ['terminal.env'] }), 'OK'],
    ['there is no answer', of(['network.env', 'installation']), 'UNKNOWN'],
    ['there is no answer beside a warning', of(['network.env', 'terminal.env']), 'WARNING'],
    [
      'there is no answer beside a failure',
      of(['plugin.sample', 'state.integrity'], { failOn: 'never' }),
      'CRITICAL',
    ],
    ['the run was interrupted', of(['installation'], {}, { interrupted: true }), 'UNKNOWN'],
  ])('when %s', (_name, report, state) => {
    expect(nagiosState(redactReport(report, { userDirectory: '/home/ann' }))).toBe(state);
  });
});

/** After the plugins' guidelines: quoted label, number, unit, and up to four bounds. */
const PERFORMANCE = /^(?:'[a-z]+'=\d+(?:\.\d+)?s?(?:;\d*){0,4} ?)+$/;

test('hostile text makes no second line, no performance data and nothing too long for a remote executor', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      const line = await nagios(hostileReport(text), PLAIN_STYLE);
      expect(Buffer.byteLength(line)).toBeLessThan(1_024);
      // oxlint-disable-next-line no-control-regex -- control bytes are what is looked for
      expect(line).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
      const [words, data, ...more] = line.split('|');
      expect([line.indexOf('\n'), more]).toEqual([line.length - 1, []]);
      expect(words).toMatch(/^STETHOS CRITICAL - 3 failures/);
      expect(data?.trim()).toMatch(PERFORMANCE);
    }),
  );
});
