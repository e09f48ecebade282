import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CODEX_REPORTS, codexReport, codexReportText, shapesOf } from '../fixtures/codex-report.ts';
import { hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { redactReport } from '../src/doctor/redact-report.ts';
import type { RedactedReport, Report } from '../src/doctor/report.ts';
import { codex } from './codex.ts';
import type { Style } from './reporter.ts';

const style: Style = { color: false, ascii: true, width: 100, all: true };
const write = async (report: RedactedReport): Promise<unknown> => JSON.parse(await codex(report, style));
const clean = (report: Report): RedactedReport => redactReport(report, { userDirectory: '/home/ann' });

test.each(CODEX_REPORTS)('the decoder takes what the real tool wrote about a %s', (name) => {
  expect(codexReport.safeParse(JSON.parse(codexReportText(name)))).toMatchObject({ success: true });
});

test('a report is what the decoder takes', async () => {
  expect(codexReport.parse(await write(clean(sampleReport)))).toMatchObject({
    schemaVersion: 1,
    generatedAt: '1795168800s since unix epoch',
    overallStatus: 'fail',
    codexVersion: '0.169.0',
    checks: {
      'state.integrity': {
        status: 'fail',
        details: { 'log DB bytes': '314572800' },
        issues: [{ severity: 'fail', fields: ['state DB'] }],
      },
      'runtime.provenance': { status: 'ok', details: { commit: 'unknown' } },
      'app_server.status': { status: 'ok' },
      'plugin.sample': { status: 'warning', notes: ['the check is crashed'] },
      'state.rollout_db_parity': {
        status: 'ok',
        notes: ['skipped because of state.integrity', '1,526 active files · 2.53 GB on disk'],
      },
    },
  });
});

test('members have the names, types and order of the real tool', async () => {
  const real = new Set(CODEX_REPORTS.flatMap((name) => [...shapesOf(JSON.parse(codexReportText(name)))]));
  const ours = shapesOf(await write(clean(sampleReport)));
  expect([...ours].filter((shape) => !real.has(shape))).toEqual([]);
  expect([...real].filter((shape) => !ours.has(shape))).toEqual([
    // Our issues always say what to do, what was measured and what was expected.
    '$.checks.*.issues[].measured: null',
    '$.checks.*.issues[].expected: null',
    '$.checks.*.issues[].remedy: null',
  ]);
});

test('members stand in the order of the real tool', async () => {
  type Written = ReturnType<typeof codexReport.parse>;
  const [damaged, missing] = CODEX_REPORTS.map((name) => JSON.parse(codexReportText(name)) as Written);
  const ours = (await write(clean(sampleReport))) as Written;
  const order = Object.keys;
  expect(order(ours)).toEqual(order(damaged ?? {}));
  const [broken, other] = [ours.checks['state.integrity'], damaged?.checks['state.paths']];
  expect(order(broken ?? {})).toEqual(order(other ?? {}));
  expect(order(broken?.issues?.[0] ?? {})).toEqual(order(other?.issues?.[0] ?? {}));
  const withNotes = ours.checks['state.rollout_db_parity'];
  expect(order(withNotes ?? {})).toEqual(order(missing?.checks['state.paths'] ?? {}));
});

test('checks and labels are sorted', async () => {
  const { checks } = codexReport.parse(await write(clean(sampleReport)));
  expect(Object.keys(checks)).toEqual(Object.keys(checks).toSorted());
  for (const { details } of Object.values(checks))
    expect(Object.keys(details)).toEqual(Object.keys(details).toSorted());
});

test.each([
  ['2026-11-20T10:00:00.999Z', '1795168800s since unix epoch'],
  ['1970-01-01T00:00:00.000Z', '0s since unix epoch'],
  ['1969-12-31T23:59:59.000Z', 'unknown'],
  ['no time at all', 'unknown'],
])('%s is %s', async (generatedAt, said) => {
  expect(await write(clean({ ...sampleReport, generatedAt }))).toMatchObject({ generatedAt: said });
});

describe('hostile text', () => {
  test('is taken by the decoder, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const written = await codex(hostileReport(text), style);
        expect(codexReport.safeParse(JSON.parse(written))).toMatchObject({ success: true });
        // Readers in Rust and Go refuse half of a surrogate pair.
        expect(written).not.toMatch(/\\ud[89a-f]/i);
      }),
      { numRuns: 50 },
    );
  });
});
