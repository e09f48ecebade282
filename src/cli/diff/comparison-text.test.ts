import { join } from 'node:path';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { gateRow, reportOf } from '../../../fixtures/gate.ts';
import { hostileText } from '../../../fixtures/hostile-report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import type { Style } from '../../../reporters/reporter.ts';
import { compareReports } from '../../doctor/compare/compare.ts';
import { redactComparison } from '../../doctor/compare/redact-comparison.ts';
import type { CheckResult, Report } from '../../doctor/report.ts';
import { comparisonText } from './comparison-text.ts';

const plain: Style = { color: false, ascii: false, width: 90, all: false };
const golden = (name: string): string => join(import.meta.dirname, '../../../fixtures/golden', name);
const show = (before: Report, after: Report, style: Partial<Style> = {}) =>
  comparisonText(redactComparison(compareReports(before, after), { userDirectory: '/home/ann' }), {
    ...plain,
    ...style,
  });

const rowOf = (id: string): CheckResult => {
  const row = sampleReport.checks[id];
  if (!row) throw new Error(`the sample lost ${id}`);
  return row;
};

/** The sample as it may have been the day before. */
const yesterday: Report = {
  ...reportOf(
    ...Object.values(sampleReport.checks).filter(({ id }) => id !== 'updates.status'),
    gateRow('state.integrity', {
      details: { ...rowOf('state.integrity').details, 'state DB': 'ok', 'log DB bytes': 7 },
    }),
    gateRow('auth.live'),
    gateRow('network.provider_reachability'),
    gateRow('network.env'),
    gateRow('config.load', { details: { ...rowOf('config.load').details, model: 'gpt-5' } }),
    gateRow('installation', { status: 'warning', classes: ['duplicate'] }),
    gateRow('git.environment'),
  ),
  generatedAt: '2026-11-19T17:00:00.000Z',
  target: { ...sampleReport.target, version: '0.168.0' },
};

test.each([
  ['diff.txt', {}],
  ['diff-ascii.txt', { ascii: true, width: 60 }],
  ['diff-color.txt', { color: true }],
] as const)('golden comparison %s', async (name, style) => {
  await expect(await show(yesterday, sampleReport, style)).toMatchFileSnapshot(golden(name));
});

test('the same twice is said in three lines and the count', async () => {
  expect((await show(sampleReport, sampleReport)).split('\n').slice(2)).toEqual([
    'Compared: the same',
    '',
    '13 checks say the same.',
    'Compared: the same',
    '',
  ]);
});

test.each([40, 80, 120])('no line is wider than %i columns', async (width) => {
  const text = await show(yesterday, sampleReport, { width });
  expect(text.split('\n').filter((line) => stringWidth(line) > width)).toEqual([]);
});

test('hostile text draws no row of its own and never writes a control byte', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      const spoiled = { ...rowOf('mcp.config'), details: { [`l${text}`]: text, list: [text, text] } };
      const after = { ...sampleReport, checks: { ...sampleReport.checks, 'mcp.config': spoiled } };
      const shown = await show(sampleReport, after);
      // oxlint-disable-next-line no-control-regex -- control bytes are what is looked for
      expect(shown).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029]/);
      const heads = shown.split('\n').filter((line) => /^[^ ]/.test(line));
      expect(heads.map((line) => line.slice(0, 6))).toEqual([
        'before',
        'after ',
        'Compar',
        'Otherw',
        '12 che',
        'Compar',
      ]);
    }),
    { numRuns: 50 },
  );
});
