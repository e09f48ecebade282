import { join } from 'node:path';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { sampleReport } from '../fixtures/sample-report.ts';
import { schemaErrors } from '../fixtures/schema.ts';
import { redactReport } from '../src/doctor/redact-report.ts';
import type { Report } from '../src/doctor/report.ts';
import { human } from './human.ts';
import { json } from './json.ts';
import { summary } from './summary.ts';
import type { Reporter, Style } from './reporter.ts';

const plain: Style = { color: false, ascii: false, width: 100, all: false };
const golden = (name: string): string => join(import.meta.dirname, '..', 'fixtures', 'golden', name);
const show = (reporter: Reporter, style: Partial<Style> = {}, report: Report = sampleReport) =>
  Promise.resolve(reporter(redactReport(report, { userDirectory: '/home/ann' }), { ...plain, ...style }));

test.each([
  ['human.txt', human, {}],
  ['human-narrow.txt', human, { width: 60 }],
  ['human-all.txt', human, { all: true }],
  ['human-ascii.txt', human, { ascii: true }],
  ['human-color.txt', human, { color: true }],
  ['summary.txt', summary, {}],
  ['report.json', json, {}],
] as const)('golden report %s', async (name, reporter, style) => {
  await expect(await show(reporter, style)).toMatchFileSnapshot(golden(name));
});

test('the JSON report follows the shipped schema', async () => {
  expect(schemaErrors(JSON.parse(await show(json)))).toEqual([]);
});

describe('pages for people', () => {
  const pages = [
    ['human', human],
    ['summary', summary],
  ] as const;

  test.each(pages)('%s: the verdict stands first and last', async (_name, reporter) => {
    const lines = (await show(reporter)).trimEnd().split('\n');
    expect(lines[2]).toMatch(
      /^Verdict: failed — 3 failures of 2 causes, 1 warning, 2 checks without an answer — state\.integrity/,
    );
    expect(lines.filter((line) => line.startsWith('Verdict:'))).toHaveLength(2);
  });

  test('the page that a check of others names is shown, that of a built-in one is not', async () => {
    const report = structuredClone(sampleReport);
    const [first, second] = Object.values(report.checks).flatMap(({ issues }) => issues);
    Object.assign(first ?? {}, { docs: 'https://wiki.acme.example/vpn' });
    Object.assign(second ?? {}, { docs: 'docs/checks/auth.live.md' });
    const text = await show(human, {}, report);
    expect(text).toContain('    → see https://wiki.acme.example/vpn\n');
    expect(text).not.toContain('docs/checks');
  });

  test.each(pages)('%s: names the home that was not examined', async (_name, reporter) => {
    expect((await show(reporter)).split('\n')[1]).toBe(
      'Also on this machine: stethos at ~/.stethos (--target stethos examines it)',
    );
  });

  test.each(pages)('%s: --ascii is ASCII, whatever the report holds', async (_name, reporter) => {
    expect(await show(reporter, { ascii: true })).toMatch(/^[\n\u0020-\u007E]+$/);
  });

  test.each([40, 60, 80, 100, 120])('no line is wider than %i columns', async (width) => {
    for (const ascii of [false, true]) {
      const lines = (await show(human, { width, ascii })).split('\n');
      // A command stays on one line, to be copied. Values keep a readable minimum of 16 columns beside the widest label column.
      expect(
        lines.filter((line) => stringWidth(line) > Math.max(width, 57) && !line.includes(' cp -a ')),
      ).toEqual([]);
    }
  });

  test('values start in one column, also after wide and right-to-left labels', async () => {
    const lines = (await show(human)).split('\n').filter((line) => /^ +.?server /.test(line));
    const columns = lines.map((line) => stringWidth(line.slice(0, line.search(/(stdio|http)/))));
    expect(new Set(columns)).toEqual(new Set([31]));
  });

  test('a healthy report says so', async () => {
    const { 'runtime.provenance': row } = sampleReport.checks;
    if (!row) throw new Error('the sample lost a row');
    const healthy: Report = {
      ...sampleReport,
      overallStatus: 'ok',
      notes: [],
      rootCauses: [],
      checks: { [row.id]: row },
      counts: { ...sampleReport.counts, ok: 1, warning: 0, fail: 0, incomplete: 0, crashed: 0, notes: 0 },
    };
    expect(await show(summary, {}, healthy)).toContain('Verdict: ok\n');
  });

  test('hostile text never writes a control byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const { 'mcp.config': row } = sampleReport.checks;
        if (!row) throw new Error('the sample lost a row');
        const hostile: Report = {
          ...sampleReport,
          checks: {
            ...sampleReport.checks,
            'mcp.config': { ...row, summary: `a${text}`, details: { [`l${text}`]: text } },
          },
        };
        // oxlint-disable-next-line no-control-regex -- control bytes are what is looked for
        expect(await show(human, {}, hostile)).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
      }),
      { numRuns: 200 },
    );
  });
});
