import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyReport, gateRow, reportOf } from '../../../fixtures/gate.ts';
import { hostileText } from '../../../fixtures/hostile-report.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { sampleSecrets } from '../../../fixtures/secrets.ts';
import { isSafe } from '../../redact/control.ts';
import type { CheckResult, Details } from '../report.ts';
import { compareReports } from './compare.ts';
import { redactComparison } from './redact-comparison.ts';

const ID = 'config.load';
const row = (more: Parameters<typeof gateRow>[1] = {}): CheckResult => gateRow(ID, more);
const changes = (was: readonly CheckResult[], is: readonly CheckResult[]) =>
  compareReports(reportOf(...was), reportOf(...is)).checks.map(({ change }) => change);

const fine = row();
const malformed = row({ status: 'fail', classes: ['malformed'] });
const both = row({ status: 'fail', classes: ['malformed', 'permissions'] });
const warned = row({ status: 'warning', classes: ['malformed'] });
const crashed = row({ status: 'crashed', summary: 'boom' });

test.each([
  ['fine as ever', [fine], [fine], []],
  ['bad as ever', [malformed], [malformed], []],
  ['a new failure', [fine], [malformed], ['failed']],
  ['a failure of a check that is new', [], [malformed], ['failed']],
  ['a warning that became a failure', [warned], [malformed], ['failed']],
  ['another class', [malformed], [row({ status: 'fail', classes: ['permissions'] })], ['other_failure']],
  ['one failure more', [malformed], [both], ['other_failure']],
  ['a new warning', [fine], [warned], ['warned']],
  ['another warning', [warned], [row({ status: 'warning', classes: ['noise'] })], ['other_warning']],
  ['a failure that became a warning', [malformed], [warned], ['recovered']],
  ['one failure less', [both], [malformed], ['recovered']],
  ['well again', [malformed], [fine], ['recovered']],
  ['no answer any more', [fine], [crashed], ['unanswered']],
  ['no answer where a fault was', [malformed], [crashed], ['unanswered']],
  ['no answer as ever', [crashed], [crashed], []],
  ['an answer', [crashed], [fine], ['answered']],
  ['a bad answer', [crashed], [malformed], ['failed']],
  ['not asked', [fine], [row({ status: 'skipped' })], ['skipped']],
  ['a new check', [], [fine], ['added']],
  ['a check that went', [malformed], [], ['removed']],
  ['from nothing to do to fine', [row({ status: 'idle' })], [fine], ['changed']],
  ['another cause of the same class', [malformed], [{ ...malformed, summary: 'line 7' }], ['changed']],
  ['the words of what is fine', [fine], [{ ...fine, summary: '12 files' }], []],
  [
    'moving words of what is bad',
    [{ ...warned, summary: '3.1 GB free' }],
    [{ ...warned, summary: '3 GB free' }],
    [],
  ],
] as const)('%s', (_what, was, is, expected) => expect(changes(was, is)).toEqual(expected));

const details = (was: Details, is: Details, { all = false } = {}) => {
  const comparison = compareReports(reportOf(row({ details: was })), reportOf(row({ details: is })), {
    all,
  });
  return { shown: comparison.checks.flatMap((check) => check.details), leftOut: comparison.leftOut };
};

describe('details', () => {
  test.each<[string, Details, Details]>([
    ['a setting', { model: 'a' }, { model: 'b' }],
    ['a number that is a setting', { 'mcp servers': 1 }, { 'mcp servers': 2 }],
    ['a threshold', { 'warning threshold bytes': 1 }, { 'warning threshold bytes': 2 }],
    ['an answer', { 'models status': 200 }, { 'models status': 401 }],
    ['a type', { token: true }, { token: 'yes' }],
    ['a list', { 'PATH entries': ['/a', '/b'] }, { 'PATH entries': ['/b', '/a'] }],
    ['a word beside an amount', { db: 'ok, 3 MB' }, { db: 'corrupt, 3 MB' }],
    ['a version', { version: '0.168.0' }, { version: '0.169.0' }],
    ['an address', { addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.2'] }],
  ])('%s is told', (_what, was, is) => {
    const [label] = Object.keys(was);
    expect(details(was, is)).toEqual({
      shown: [{ label, before: was[label ?? ''], after: is[label ?? ''] }],
      leftOut: 0,
    });
  });

  test.each<[string, Details, Details]>([
    ['a duration', { 'connect ms': 1 }, { 'connect ms': 2 }],
    ['a size', { 'log DB bytes': 1 }, { 'log DB bytes': 2 }],
    ['a count of files', { 'session files': 1 }, { 'session files': 2 }],
    ['a process', { 'last writer pid': 1 }, { 'last writer pid': 2 }],
    ['an amount that was not measured before', {}, { 'connect ms': 2 }],
    ['a time', { seen: '2026-11-19T08:30:00.000Z' }, { seen: '2026-11-20T08:30:00.000Z' }],
    ['a time in words', { login: 'until 2026-11-19 08:30 UTC' }, { login: 'until 2026-11-20 08:31 UTC' }],
    ['an amount in words', { db: 'ok, 3.5 MB' }, { db: 'ok, 4 MB' }],
    ['a request', { 'request id': 'req_1' }, { 'request id': 'req_2' }],
    ['the turn of a name server', { addresses: ['::1', '::2'] }, { addresses: ['::2', '::1'] }],
  ])('%s moves, and is told only when everything is asked for', (_what, was, is) => {
    expect(details(was, is)).toEqual({ shown: [], leftOut: 1 });
    expect(details(was, is, { all: true })).toMatchObject({ shown: [{}], leftOut: 0 });
  });

  test('what is absent on one side is absent in the difference', () => {
    expect(details({}, { model: null }).shown).toEqual([{ label: 'model', after: null }]);
  });
});

test('what is more important comes first, causes before what shows them', () => {
  const before = ['a', 'b', 'c', 'd'].map((id) => gateRow(id));
  const after = [
    gateRow('a', { details: { model: 'x' } }),
    gateRow('b', { status: 'fail', classes: ['closed'], causedBy: 'd' }),
    gateRow('c', { status: 'warning' }),
    gateRow('d', { status: 'fail', classes: ['tls_other'] }),
  ];
  const { checks, unchanged } = compareReports(reportOf(...before), reportOf(...after));
  expect(checks.map(({ check, change, cause, remedy }) => ({ check, change, cause, remedy }))).toEqual([
    { check: 'd', change: 'failed', cause: undefined, remedy: 'Mend it.' },
    { check: 'b', change: 'failed', cause: 'd', remedy: undefined },
    { check: 'c', change: 'warned', cause: undefined, remedy: 'Mend it.' },
    { check: 'a', change: 'changed', cause: undefined, remedy: undefined },
  ]);
  expect(unchanged).toBe(0);
});

test('agent, versions and machine are told apart from the checks', () => {
  const after = { ...sampleReport, target: { ...sampleReport.target, version: null } };
  expect(compareReports(sampleReport, after).surroundings).toEqual([
    { label: "agent's version", before: '0.169.0', after: null },
  ]);
});

const codex = (...rows: readonly CheckResult[]) => ({
  ...reportOf(...rows),
  importedFrom: { format: 'codex' as const },
});
describe('a report of another doctor', () => {
  const ours = [
    row({ details: { 'auth file': null, 'PATH entries': ['/a'], 'mcp servers': 1, model: 'a', ours: 'b' } }),
    gateRow('auth.file', { status: 'idle' }),
    gateRow('auth.live', { status: 'skipped' }),
    gateRow('auth.credentials', { status: 'fail', classes: ['missing'] }),
  ];
  const theirs = [
    row({ details: { 'auth file': 'unknown', 'PATH entries': '/a', 'mcp servers': '1', model: 'a' } }),
    gateRow('auth.file'),
    gateRow('auth.live'),
    gateRow('auth.credentials', { status: 'fail', classes: ['mismatch'] }),
  ];

  test('what it only spells otherwise is no change', () => {
    for (const [before, after] of [
      [reportOf(...ours), codex(...theirs)],
      [codex(...theirs), reportOf(...ours)],
    ] as const) {
      const { surroundings, checks } = compareReports(before, after);
      expect(surroundings.map(({ label }) => label)).toEqual(['report written by']);
      expect(checks.map(({ check }) => check)).toEqual([]);
    }
  });

  test('what it says otherwise is one', () => {
    const after = codex(row({ details: { model: 'b' } }), ...theirs.slice(1));
    const { checks } = compareReports(reportOf(...ours), after);
    expect(checks).toMatchObject([{ check: ID, details: [{ label: 'model', before: 'a', after: 'b' }] }]);
  });
});

test('a report is like itself', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      expect(compareReports(report, report, { all: true })).toMatchObject({
        surroundings: [],
        checks: [],
        unchanged: Object.keys(report.checks).length,
        leftOut: 0,
      });
    }),
  );
});

const ids = (comparison: ReturnType<typeof compareReports>) =>
  comparison.checks.map(({ check }) => check).toSorted();

test('a check that differs, differs in both directions', () => {
  fc.assert(
    fc.property(anyReport, anyReport, (one, other) => {
      expect(ids(compareReports(one, other))).toEqual(ids(compareReports(other, one)));
    }),
  );
});

test('hostile words leave no control character, and closed words stay whatever the user is called', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const spoiled = row({
        status: 'fail',
        details: { [`l${text}`]: text },
        summary: text,
        remediation: `Mend ${text}`,
      });
      const comparison = compareReports(reportOf(malformed), reportOf(spoiled));
      const clean = redactComparison(comparison, {
        userDirectory: '/home/ann',
        userName: 'failed',
        hostName: 'before',
      });
      const [check] = clean.checks;
      expect(check).toMatchObject({ check: ID, before: { status: 'fail' }, after: { status: 'fail' } });
      const words = [check?.after?.summary, check?.remedy, ...Object.values(check?.details[0] ?? {})];
      expect(words.filter((word) => typeof word !== 'string' || !isSafe(word))).toEqual([]);
    }),
  );
});

test('a secret that changed is seen to have changed, and not seen', () => {
  const [one, other] = sampleSecrets().map(({ secret }) => secret);
  const comparison = compareReports(
    reportOf(row({ details: { key: `a ${one}` } })),
    reportOf(row({ details: { key: `a ${other}` } })),
  );
  const [check] = redactComparison(comparison, { userDirectory: '/home/ann' }).checks;
  const { before, after } = check?.details[0] ?? {};
  expect(before).toMatch(/^a <[\w-]+:1>$/);
  expect(after).toMatch(/^a <[\w-]+:\d>$/);
  expect(after).not.toBe(before);
});
