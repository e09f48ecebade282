import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gatedReport, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { lineSchemaErrors } from '../fixtures/schema.ts';
import { redactReport } from '../src/doctor/redact-report.ts';
import { ndjson } from './ndjson.ts';
import type { Style } from './reporter.ts';

const ENDS_OF_LINES = /[\n\v\f\r\u0085\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

const style: Style = { color: false, ascii: true, width: 100, all: true };
const clean = redactReport(gatedReport, { userDirectory: '/home/ann' });

interface Line {
  readonly type: string;
  readonly check?: { readonly id: string };
}

const linesOf = (text: string): Line[] => {
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as Line);
};

test('a report is a first line, a line for each row, and a last line with everything else', async () => {
  const lines = linesOf(await ndjson(clean, style));
  expect(lines.flatMap(lineSchemaErrors)).toEqual([]);
  const { checks, ...rest } = clean;
  expect(lines).toEqual([
    { type: 'run_started', schemaVersion: 1, tool: clean.tool, checks: Object.keys(checks) },
    ...Object.values(checks).map((check) => ({ type: 'check_finished', check })),
    { type: 'run_finished', ...rest, checks: Object.keys(checks) },
  ]);
  expect(lines.at(-1)).toMatchObject({
    overallStatus: 'fail',
    counts: sampleReport.counts,
    rootCauses: [{ check: 'state.integrity' }, { check: 'auth.live' }],
    gate: { failOn: 'warn', exitCode: 1 },
  });
});

describe('the schema of a line', () => {
  test.each([
    ['of no type', {}],
    ['of an unknown type', { type: 'row' }],
    ['without its row', { type: 'check_finished' }],
    ['that ends without a verdict', { type: 'run_finished', checks: [] }],
  ])('refuses one %s', (_what, line) => {
    expect(lineSchemaErrors(line)).not.toEqual([]);
  });
});

test('hostile text stays in its line, also for readers that know more ends of lines than one', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async (text) => {
      const report = hostileReport(text);
      const written = await ndjson(report, style);
      expect(written.trimEnd().split(ENDS_OF_LINES)).toHaveLength(Object.keys(report.checks).length + 2);
      expect(linesOf(written).flatMap(({ check }) => check?.id ?? [])).toEqual(Object.keys(report.checks));
      expect(written).not.toMatch(CONTROL);
    }),
    { numRuns: 50 },
  );
});
