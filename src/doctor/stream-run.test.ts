import { expect, test } from 'vitest';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { sampleSecrets } from '../../fixtures/secrets.ts';
import { createReportRedactor } from './redact-report.ts';
import type { CheckResult, Report } from './report.ts';
import { streamRun } from './stream-run.ts';
import type { StreamedRun } from './stream-run.ts';

const events: StreamedRun['events'] = {
  onBegin: ({ checks }) => `begin ${checks.length}\n`,
  onStart: ({ id }) => `start ${id}\n`,
  onFinish: (row, notes) => `${JSON.stringify({ row, notes })}\n`,
  onEnd: (report) => `${JSON.stringify(report)}\n`,
};
const { tool } = sampleReport;
const options = { userDirectory: '/home/ann' };
const [first, second] = sampleSecrets();
const check = (row: CheckResult) => ({
  ...row,
  budgetMs: 1,
  probe: () => undefined,
  judge: (): never => {
    throw new Error('is not asked');
  },
});

/** Two rows with two secrets, of which the row that finishes last stands first. */
function secretive(): Report {
  const [one, two] = Object.values(sampleReport.checks);
  if (!one || !two || !first || !second) throw new Error('the samples are too few');
  const rows = [
    { ...one, summary: `${second.secret} ${first.secret}` },
    { ...two, summary: first.secret, details: { of: `/home/ann/${first.secret}` } },
  ];
  return { ...sampleReport, checks: Object.fromEntries(rows.map((row) => [row.id, row])) };
}

test('rows are written as they finish, as they stand in the report that ends the stream', () => {
  const written: string[] = [];
  const report = secretive();
  const redactor = createReportRedactor(() => options);
  const rows = Object.values(report.checks);
  const stream = streamRun({
    events,
    redactor,
    write: (text) => written.push(text),
    tool,
    checks: Object.keys(report.checks),
  });
  for (const row of rows) stream.onStart(check(row));
  const note = { kind: 'info', check: rows[0]?.id ?? '', text: `see ${first?.secret}` } as const;
  for (const row of rows.toReversed()) stream.onFinish(row, [note]);
  const clean = redactor.report(report);
  expect(stream.end(clean)).toBeUndefined();

  expect(written.slice(0, 3)).toEqual(['begin 2\n', ...rows.map(({ id }) => `start ${id}\n`)]);
  const told = written
    .slice(3, 5)
    .map((line) => JSON.parse(line) as { row: CheckResult; notes: { text: string }[] });
  expect(told.map(({ row }) => row)).toEqual(Object.values(clean.checks).toReversed());
  expect(told[0]?.notes).toEqual([{ ...note, text: expect.stringMatching(/^see <[a-z-]+:1>$/) }]);
  expect(written.join('')).not.toContain(first?.secret);
  expect(written.join('')).not.toContain('/home/ann');
  // The ledger counts the report, not what was told of it before.
  expect(clean.redactions).toEqual(createReportRedactor(() => options).report(report).redactions);
});

test('after a text that could not be written nothing more is tried, and nobody is disturbed', () => {
  const broken = new Error('EPIPE');
  let tries = 0;
  const stream = streamRun({
    events,
    redactor: createReportRedactor(() => options),
    write: () => {
      tries += 1;
      if (tries === 2) throw broken;
    },
    tool,
    checks: [],
  });
  const [row] = Object.values(sampleReport.checks);
  if (!row) throw new Error('the sample lost its rows');
  stream.onStart(check(row));
  stream.onFinish(row, []);
  expect(stream.end(createReportRedactor(() => options).report(sampleReport))).toBe(broken);
  expect(tries).toBe(2);
});

test('a format that says nothing writes nothing', () => {
  const written: string[] = [];
  const silent = { onStart: () => '', onFinish: () => '', onEnd: () => 'end\n' };
  const redactor = createReportRedactor(() => options);
  const stream = streamRun({
    events: silent,
    redactor,
    write: (text) => written.push(text),
    tool,
    checks: [],
  });
  for (const row of Object.values(sampleReport.checks)) {
    stream.onStart(check(row));
    stream.onFinish(row, []);
  }
  stream.end(redactor.report(sampleReport));
  expect(written).toEqual(['end\n']);
});
