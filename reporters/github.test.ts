import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gatedReport, HOSTILE_TEXTS, hostileReport, hostileText } from '../fixtures/hostile-report.ts';
import { sampleReport } from '../fixtures/sample-report.ts';
import { linesOf, readWorkflowCommand } from '../fixtures/workflow-command.ts';
import { redactReport } from '../src/doctor/redact-report.ts';
import type { CheckResult, RedactedReport, Report } from '../src/doctor/report.ts';
import { isSafe } from '../src/redact/control.ts';
import { github, githubStepSummary } from './github.ts';
import type { Style } from './reporter.ts';

const style: Style = { color: false, ascii: false, width: 100, all: false };
const write = (report: RedactedReport, more: Partial<Style> = {}): string =>
  github(report, { ...style, ...more }) as string;
const redacted = (report: Report): RedactedReport => redactReport(report, { userDirectory: '/home/ann' });
const commandsIn = (output: string) => linesOf(output).flatMap((line) => readWorkflowCommand(line) ?? []);

test('golden annotations', async () => {
  await expect(write(redacted(gatedReport), { anchorFile: 'AGENTS.md' })).toMatchFileSnapshot(
    join(import.meta.dirname, '..', 'fixtures', 'golden', 'github.txt'),
  );
});

describe('what a runner reads', () => {
  test('failures are errors, other bad rows warnings, what the gate lets through notices', () => {
    expect(
      commandsIn(write(redacted(gatedReport))).map(({ name, properties }) => [name, properties]),
    ).toEqual([
      ['error', { title: 'state.integrity: the state DB is damaged' }],
      [
        'error',
        { title: 'network.provider_reachability: the provider does not accept the credential (HTTP 401)' },
      ],
      ['warning', { title: 'plugin.sample: the check itself failed: boom' }],
      ['warning', { title: 'network.env: no answer within its 1000 ms, while waiting for a slow disk' }],
      ['notice', { title: 'auth.live: The login was revoked by the provider' }],
      ['notice', { title: expect.stringContaining('terminal.env: 2 issues: ') as string }],
    ]);
  });

  test('the message says what was measured, what was expected and what to do', () =>
    expect(commandsIn(write(redacted(sampleReport)))[1]?.data).toBe(
      'measured: HTTP 401, token_revoked\nexpected: an answer that is neither 401 nor 403\nRun codex login.\n$ codex login',
    ));

  test('annotations stand at the file that was agreed on', () =>
    expect(
      commandsIn(write(redacted(sampleReport), { anchorFile: 'a,b:c%/d.md' })).map(
        ({ properties: { file, line } }) => `${file} ${line}`,
      ),
    ).toEqual(Array.from({ length: 6 }, () => 'a,b:c%/d.md 1')));

  test('a healthy report has no annotation, and a verdict', () => {
    const healthy = { ...sampleReport, overallStatus: 'ok', rootCauses: [], checks: {} } as const;
    const counts = { ...sampleReport.counts, fail: 0, warning: 0, incomplete: 0, crashed: 0 };
    expect(write(redacted({ ...healthy, counts }))).toBe('stethos doctor: ok\n');
  });
});

test('ten of a kind are kept, as GitHub keeps them, and the rest is counted', () => {
  const rows = Array.from({ length: 25 }, (_, index): readonly [string, CheckResult] => {
    const row = sampleReport.checks[index % 2 === 0 ? 'state.integrity' : 'terminal.env'];
    if (!row) throw new Error('the sample lost a row');
    return [`many.n${index}`, { ...row, id: `many.n${index}` }];
  });
  const commands = commandsIn(write(redacted({ ...sampleReport, checks: Object.fromEntries(rows) })));
  expect(commands.map(({ name }) => name)).toEqual([
    ...Array.from({ length: 10 }, () => 'error'),
    ...Array.from({ length: 10 }, () => 'warning'),
    'notice',
  ]);
  expect(commands.at(-1)?.properties['title']).toBe('stethos doctor: 5 more rows not shown here');
});

test('hostile text in every field stays inside of its annotation', () =>
  fc.assert(
    fc.property(hostileText, (text) => {
      const output = write(hostileReport(text), { anchorFile: 'AGENTS.md' });
      expect(isSafe(output)).toBe(true);
      const lines = linesOf(output);
      expect(lines.slice(-2)).toEqual([
        'stethos doctor: failed, 3 failures of 2 causes, 1 warning, 2 checks without an answer',
        '',
      ]);
      expect(lines).toHaveLength(6 + 2);
      for (const line of lines.slice(0, -2)) {
        const command = readWorkflowCommand(line);
        expect(['error', 'warning', 'notice']).toContain(command?.name);
        expect(Object.keys(command?.properties ?? {})).toEqual(['file', 'line', 'title']);
        expect(command?.properties).toMatchObject({ file: 'AGENTS.md', line: '1' });
        expect(command?.properties['title']?.length).toBeLessThan(256);
        expect(command?.data.length).toBeLessThan(64 * 1024);
      }
    }),
    { numRuns: 80, examples: HOSTILE_TEXTS.map((text) => [text]) },
  ));

test('what is read back is what was said', () =>
  fc.assert(
    fc.property(
      fc
        .array(fc.constantFrom('%', '0', 'A', 'D', '2', '5', ':', ',', '=', 'C', '3'))
        .map((signs) => signs.join('')),
      (text) => {
        const row = sampleReport.checks['auth.live'];
        const [issue] = row?.issues ?? [];
        if (!row || !issue) throw new Error('the sample lost a row');
        const report = {
          ...sampleReport,
          rootCauses: [],
          notes: [],
          checks: { x: { ...row, id: 'x', issues: [{ ...issue, cause: text, measured: text }] } },
        };
        const [command] = commandsIn(write(report as unknown as RedactedReport));
        expect(command?.properties['title']).toBe(`x: ${text}`.trim());
        expect(command?.data.split('\n')[0]).toBe(`measured: ${text}`);
      },
    ),
  ));

test('the summary of a step keeps to 1 MiB of bytes', () => {
  const row = sampleReport.checks['mcp.config'];
  if (!row) throw new Error('the sample lost a row');
  const details = Object.fromEntries(
    Array.from({ length: 150 }, (_, index) => [`server ${index}`, '文档'.repeat(100)]),
  );
  const checks = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`mcp.n${index}`, { ...row, id: `mcp.n${index}`, details }]),
  );
  const summary = githubStepSummary({ ...sampleReport, checks, redactions: [] } as unknown as RedactedReport);
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
  expect(Buffer.byteLength(summary)).toBeGreaterThan(900 * 1024);
  expect(summary).toMatch(/Left out for its length: \d+ checks of the evidence/);
});
