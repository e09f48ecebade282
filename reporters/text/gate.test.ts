import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatedReport } from '../../fixtures/hostile-report.ts';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { schemaErrors } from '../../fixtures/schema.ts';
import { redactReport } from '../../src/doctor/redact-report.ts';
import type { Gate } from '../../src/doctor/report.ts';
import { summary } from '../summary.ts';
import { gateLines } from './gate.ts';
import { unicode } from './glyphs.ts';

const redacted = redactReport(gatedReport, { userDirectory: '/home/ann' });
const golden = join(import.meta.dirname, '../../fixtures/golden/summary-gate.txt');

test('a report with a gate says what was let through, and follows the schema', async () => {
  const page = await summary(redacted, { color: false, ascii: false, width: 80, all: false });
  await expect(page).toMatchFileSnapshot(golden);
  expect(schemaErrors(redacted)).toEqual([]);
});

const nothing: Gate = {
  failOn: 'fail',
  exitCode: 0,
  counted: [],
  waived: [],
  known: [],
  expired: [],
  unused: [],
};
const waived = ['mcp.config', 'mcp.reachability'].map((check) => ({
  check,
  reason: 'optional here',
  expires: '2026-12-31',
}));

test.each<[Partial<Gate>, string | undefined]>([
  [{}, undefined],
  [{ exitCode: 1, counted: ['config.load'] }, undefined],
  [{ known: ['git'] }, 'Gate: passed, 1 let through'],
  [{ known: ['mcp.config'], waived }, 'Gate: passed, 2 let through'],
  [{ exitCode: 1, counted: ['config.load', 'git'], waived }, 'Gate: not passed, because of config.load, git'],
  [{ exitCode: 3, waived }, 'Gate: undecided, 2 without an answer'],
  [{ exitCode: 130, waived }, 'Gate: interrupted'],
])('%j: %s', (gate, head) => {
  const report = redactReport({ ...sampleReport, gate: { ...nothing, ...gate } }, { userDirectory: '/' });
  expect(gateLines(report, unicode)[0]?.text).toBe(head);
});

test('rows that one waiver lets through stand in one line', () => {
  const report = redactReport({ ...sampleReport, gate: { ...nothing, waived } }, { userDirectory: '/' });
  expect(gateLines(report, unicode).map(({ text }) => text)).toEqual([
    'Gate: passed, 2 let through',
    'let through: mcp.config, mcp.reachability until 2026-12-31 — optional here',
  ]);
});
