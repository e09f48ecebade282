import { describe, expect, test } from 'vitest';
import { builtInChecks } from '../../../checks/index.ts';
import { CODEX_REPORTS, codexReport, codexReportText } from '../../../fixtures/codex-report.ts';
import { schemaErrors } from '../../../fixtures/schema.ts';
import { codex } from '../../../reporters/codex.ts';
import { redactReport } from '../redact-report.ts';
import type { CheckResult, Report } from '../report.ts';
import { readReport } from './read-report.ts';

const style = { color: false, ascii: true, width: 100, all: true };

function read(text: string): Report {
  const found = readReport(text);
  if (found.kind !== 'report') throw new Error(found.problem);
  return found.report;
}

const classes = ({ checks }: Report): object =>
  Object.fromEntries(
    Object.values(checks).flatMap(({ id, status, failure }) =>
      status === 'ok' || status === 'idle' ? [] : [[id, `${status} ${failure?.class}`]],
    ),
  );

const place = ({ id, section, category }: Pick<CheckResult, 'id' | 'section' | 'category'>): object => ({
  id,
  section,
  category,
});

describe.each(CODEX_REPORTS)('a %s', (name) => {
  const report = read(codexReportText(name));
  const clean = redactReport(report, { userDirectory: '/home/bob' });

  test('follows our schema', () => {
    expect(schemaErrors(JSON.parse(JSON.stringify(clean)))).toEqual([]);
  });

  test('stands in the sections and under the labels that our own rows have', () => {
    const ours = builtInChecks.filter(({ id }) => id in report.checks);
    expect(ours.length).toBeGreaterThan(8);
    expect(
      ours
        .map(({ id }) => report.checks[id] ?? ({ id, section: 'Plugins', category: '' } as const))
        .map(place),
    ).toEqual(ours.map(place));
    expect(Object.values(report.checks).filter(({ section }) => section === 'Plugins')).toEqual([]);
  });

  test('says the same when it is written as codex again', async () => {
    const again = codexReport.parse(JSON.parse(await codex(clean, style)));
    // Another user's name is hidden, as that of this machine's is.
    const hidden = codexReportText(name).replaceAll('/home/ann', '/home/<user:1>');
    const original = codexReport.parse(JSON.parse(hidden));
    expect({ ...again, checks: undefined }).toEqual({ ...original, checks: undefined });
    for (const [id, { details, status, summary, notes }] of Object.entries(original.checks))
      expect(again.checks[id]).toMatchObject({ details, status, summary, ...(notes && { notes }) });
  });
});

test('faults have a class, told from their words', () => {
  expect(CODEX_REPORTS.map((name) => classes(read(codexReportText(name))))).toEqual([
    {
      'mcp.config': 'fail unreachable',
      'network.provider_reachability': 'fail unreachable',
      'state.paths': 'fail not_a_database',
      'state.rollout_db_parity': 'warning not_a_database',
      'terminal.title': 'warning invalid_value',
      'updates.status': 'warning timeout',
    },
    {
      'config.load': 'fail invalid_value',
      'network.provider_reachability': 'fail unreachable',
      'state.paths': 'warning mismatch',
    },
    {
      'config.load': 'warning unknown_key',
      'mcp.config': 'fail unreachable',
      'network.env': 'warning unreadable',
      'network.provider_reachability': 'fail unreachable',
      'terminal.env': 'fail unreadable',
      'updates.status': 'warning missing',
    },
  ]);
});

test('texts have types again, names and measures stay texts', () => {
  const { checks, ...frame } = read(codexReportText('wrong-surroundings'));
  expect(checks['config.load']?.details).toMatchObject({
    'feature flags enabled': 72,
    'configuration load ms': 4,
    model: '<default>',
  });
  expect(checks['terminal.env']?.details).toMatchObject({ 'stdin is terminal': false });
  expect(checks['runtime.provenance']?.details).toMatchObject({ version: '0.169.0' });
  expect(checks['updates.status']?.details['version cache']).toEqual([
    '/home/ann/.codex/version.json',
    'missing',
  ]);
  expect(checks['terminal.env']?.issues).toMatchObject([
    { severity: 'fail', measured: '', expected: 'readable terminfo file or directory' },
    { severity: 'warning', measured: 'C', expected: 'UTF-8 locale, for example en_US.UTF-8' },
  ]);
  expect(frame).toMatchObject({
    generatedAt: '2026-11-20T19:56:43.000Z',
    overallStatus: 'fail',
    tool: { name: 'codex', version: '0.169.0' },
    target: { profile: 'codex', home: '/home/ann/.codex', version: '0.169.0' },
    platform: { os: 'linux', architecture: 'x64', runtime: 'unknown' },
    importedFrom: { format: 'codex' },
  });
});

/** The example of the seed: other names, titles of sections as labels, and the list that older ones have. */
const SEED = {
  schema_version: 1,
  generated_at: '1764000000s since unix epoch',
  overall_status: 'warning',
  codex_version: '0.0.0',
  checks: {
    'runtime.provenance': {
      id: 'runtime.provenance',
      category: 'Environment',
      status: 'ok',
      summary: 'local debug build',
      details: { platform: 'macos-aarch64' },
      remediation: null,
      duration_ms: 3,
    },
    'mcp.config': {
      id: 'mcp.config',
      category: 'Configuration',
      status: 'warning',
      summary: 'optional issues',
      details: {},
      remediation: 'Set the missing MCP env vars.',
      duration_ms: 12,
    },
  },
};

test.each([
  ['an object', SEED],
  ['a list', { ...SEED, checks: Object.values(SEED.checks) }],
])('the names of the seed are read, with checks as %s', (_form, seed) => {
  const report = read(JSON.stringify(seed));
  expect(report).toMatchObject({
    generatedAt: '2025-11-24T16:00:00.000Z',
    overallStatus: 'warning',
    durationMs: 12,
    platform: { os: 'darwin', architecture: 'arm64' },
    importedFrom: { format: 'snake_case' },
    notes: [],
    checks: {
      'runtime.provenance': { section: 'Environment', category: 'runtime', durationMs: 3 },
      'mcp.config': {
        section: 'Configuration',
        category: 'mcp',
        issues: [{ cause: 'optional issues', remedy: 'Set the missing MCP env vars.' }],
      },
    },
  });
});

test.each([
  ['99999999999999s since unix epoch', '1970-01-01T00:00:00.000Z'],
  ['yesterday', '1970-01-01T00:00:00.000Z'],
  [1e300, '1970-01-01T00:00:00.000Z'],
  [1_764_000_000, '2025-11-24T16:00:00.000Z'],
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
])('the time %j is %s', (time, expected) => {
  expect(read(JSON.stringify({ ...SEED, generated_at: time })).generatedAt).toBe(expected);
});
