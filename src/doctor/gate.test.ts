import { describe, expect, test } from 'vitest';
import { gateRow, reportOf, waiverOf } from '../../fixtures/gate.ts';
import { decideGate, exitCodeOf } from './gate.ts';
import type { GateOptions } from './gate.ts';
import type { CheckResult, FailOn, Status } from './report.ts';

const today = '2026-11-20';

const table: readonly [
  statuses: readonly Status[],
  failOn: FailOn,
  interrupted: boolean,
  exitCode: number,
][] = [
  [['ok', 'idle', 'skipped'], 'fail', false, 0],
  [['ok', 'idle', 'skipped'], 'warn', false, 0],
  [['warning'], 'fail', false, 0],
  [['warning'], 'warn', false, 1],
  [['warning'], 'never', false, 0],
  [['fail'], 'fail', false, 1],
  [['fail'], 'warn', false, 1],
  [['fail'], 'never', false, 0],
  [['crashed'], 'fail', false, 3],
  [['incomplete'], 'fail', false, 3],
  [['incomplete'], 'warn', false, 3],
  [['crashed'], 'never', false, 0],
  [['fail', 'crashed'], 'fail', false, 1],
  [['warning', 'incomplete'], 'fail', false, 3],
  [['warning', 'incomplete'], 'warn', false, 1],
  [['ok'], 'fail', true, 130],
  [['fail', 'incomplete'], 'never', true, 130],
];

test.each(table)(
  '%j with --fail-on %s, interrupted %s: %i',
  async (statuses, failOn, interrupted, exitCode) => {
    const rows = statuses.map((status, index) => gateRow(`a.n${index}`, { status }));
    const report = { ...reportOf(...rows), interrupted };
    expect(exitCodeOf(report, failOn)).toBe(exitCode);
    expect((await decideGate(report, { failOn, today })).exitCode).toBe(exitCode);
  },
);

const missing = gateRow('mcp.config', { status: 'fail', classes: ['missing'] });
const decide = (rows: readonly CheckResult[], options: Partial<GateOptions> = {}) =>
  decideGate(reportOf(...rows), { failOn: 'fail', today, ...options });

describe('waivers', () => {
  test('one lets its row through, and says why and how long', async () => {
    expect(await decide([missing], { waivers: [waiverOf('mcp.config')] })).toEqual({
      failOn: 'fail',
      exitCode: 0,
      counted: [],
      waived: [{ check: 'mcp.config', reason: 'known', expires: '2026-12-31' }],
      known: [],
      expired: [],
      unused: [],
    });
  });

  test.each([
    ['its id', waiverOf('mcp.config'), true],
    ['a glob', waiverOf('mcp.*'), true],
    ['another id', waiverOf('mcp'), false],
    ['a glob that does not match', waiverOf('m*.load'), false],
    ['its class', waiverOf('mcp.config', { failureClass: 'missing' }), true],
    ['another class', waiverOf('mcp.config', { failureClass: 'permissions' }), false],
    ['the last day', waiverOf('mcp.config', { expires: today }), true],
    ['the day after', waiverOf('mcp.config', { expires: '2026-11-19' }), false],
    ['no day at all', waiverOf('mcp.config', { expires: 'for ever' }), false],
    ['what could take minutes to match', waiverOf('*a*a*a*a*a*a*a*'), false],
    ['a regular expression', waiverOf('(m+)+*'), false],
  ])('by %s', async (_what, waiver, passes) => {
    expect((await decide([missing], { waivers: [waiver] })).exitCode).toBe(passes ? 0 : 1);
  });

  test('one that expired counts for nothing and is told', async () => {
    const old = waiverOf('mcp.config', { expires: '2026-11-19' });
    const gate = await decide([missing], { waivers: [old] });
    expect(gate).toMatchObject({ counted: ['mcp.config'], waived: [], expired: [old], unused: [] });
  });

  test('every issue of a row needs its waiver', async () => {
    const row = gateRow('mcp.config', { status: 'fail', classes: ['missing', 'permissions'] });
    const first = waiverOf('mcp.config', { failureClass: 'missing' });
    const second = waiverOf('mcp.*', { failureClass: 'permissions', reason: 'also known' });
    expect((await decide([row], { waivers: [first] })).counted).toEqual(['mcp.config']);
    expect((await decide([row], { waivers: [first, second] })).waived).toEqual([
      { check: 'mcp.config', reason: 'known', expires: '2026-12-31' },
      { check: 'mcp.config', reason: 'also known', expires: '2026-12-31' },
    ]);
  });

  test('an issue below the threshold needs none', async () => {
    const row = gateRow('mcp.config', { status: 'fail', classes: ['missing'], warnings: ['noise'] });
    const waivers = [waiverOf('mcp.config', { failureClass: 'missing' })];
    expect((await decide([row], { waivers })).exitCode).toBe(0);
    expect((await decide([row], { waivers, failOn: 'warn' })).exitCode).toBe(1);
  });

  test.each(['crashed', 'incomplete'] as const)('none lets a row through that is %s', async (status) => {
    const row = gateRow('mcp.config', { status });
    expect(await decide([row], { waivers: [waiverOf('*')] })).toMatchObject({ exitCode: 3, waived: [] });
  });

  test('what shows the fault of a waived row goes through with it', async () => {
    const cause = gateRow('network.ca', { status: 'warning', classes: ['tls_untrusted'] });
    const symptom = gateRow('network.http', {
      status: 'fail',
      classes: ['tls_other'],
      causedBy: 'network.ca',
    });
    const further = gateRow('network.ws', { status: 'fail', classes: ['closed'], causedBy: 'network.http' });
    const waivers = [waiverOf('network.ca', { failureClass: 'tls_untrusted' })];
    expect(await decide([cause, symptom, further], { waivers })).toMatchObject({
      exitCode: 0,
      waived: [{ check: 'network.http' }, { check: 'network.ws' }],
    });
    const other = { ...cause, status: 'ok' as const, issues: [] };
    expect((await decide([other, symptom], { waivers })).counted).toEqual(['network.http']);
  });

  test('a waived symptom does not speak for its cause', async () => {
    const cause = gateRow('network.ca', { status: 'fail', classes: ['tls_untrusted'] });
    const symptom = gateRow('network.http', { status: 'fail', classes: ['closed'], causedBy: 'network.ca' });
    const gate = await decide([cause, symptom], { waivers: [waiverOf('network.http')] });
    expect(gate).toMatchObject({ counted: ['network.ca'], waived: [{ check: 'network.http' }] });
  });

  test.each([
    ['a check that is fine', [gateRow('mcp.config')], undefined, true],
    ['a check that fails otherwise', [missing], undefined, true],
    ['a check that was not selected', [gateRow('git.environment')], undefined, false],
    ['a check that was skipped', [gateRow('mcp.config', { status: 'skipped' })], undefined, false],
    ['a check without an answer', [gateRow('mcp.config', { status: 'incomplete' })], undefined, false],
    ['one of two checks of the glob', [gateRow('mcp.config')], ['mcp.config', 'mcp.reachability'], false],
  ] as const)('unused: for %s', async (_what, rows, known, isUnused) => {
    const waiver = waiverOf('mcp.*', { failureClass: 'noise' });
    const gate = await decide(rows, { waivers: [waiver], ...(known && { known }) });
    expect(gate.unused).toEqual(isUnused ? [waiver] : []);
  });

  test('a waiver of a warning is not unused because only failures count today', async () => {
    const row = gateRow('mcp.config', { status: 'warning', classes: ['missing'] });
    expect((await decide([row], { waivers: [waiverOf('mcp.config')] })).unused).toEqual([]);
  });
});

describe('a baseline', () => {
  const warned = gateRow('mcp.config', { status: 'warning', classes: ['missing'] });
  const denied = gateRow('mcp.config', { status: 'fail', classes: ['permissions'] });

  test.each([
    ['the same finding', missing, [missing], true],
    ['a worse one', missing, [warned], false],
    ['a lesser one', warned, [missing], true],
    ['another class', denied, [missing], false],
    ['a check that was fine', missing, [gateRow('mcp.config')], false],
    ['a check that had no answer', missing, [gateRow('mcp.config', { status: 'crashed' })], false],
    ['a check that was not there', missing, [], false],
  ])('%s', async (_what, row, before, isKnown) => {
    const gate = await decide([row], { baseline: reportOf(...before), failOn: 'warn' });
    expect(gate).toMatchObject({
      exitCode: isKnown ? 0 : 1,
      known: isKnown ? ['mcp.config'] : [],
      counted: isKnown ? [] : ['mcp.config'],
    });
  });

  test('that of another doctor knows no classes', async () => {
    const baseline = { ...reportOf(denied), importedFrom: { format: 'codex' as const } };
    expect((await decide([missing], { baseline })).known).toEqual(['mcp.config']);
    expect((await decide([gateRow('git', { status: 'fail' })], { baseline })).counted).toEqual(['git']);
  });

  test('it answers for no row without an answer', async () => {
    const rows = [gateRow('mcp.config', { status: 'incomplete' })];
    expect((await decide(rows, { baseline: reportOf(...rows) })).exitCode).toBe(3);
  });

  test('waiver and baseline may answer together', async () => {
    const row = gateRow('mcp.config', { status: 'fail', classes: ['missing', 'permissions'] });
    const waivers = [waiverOf('mcp.config', { failureClass: 'permissions' })];
    expect(await decide([row], { waivers, baseline: reportOf(missing) })).toMatchObject({
      exitCode: 0,
      known: ['mcp.config'],
      waived: [{ check: 'mcp.config' }],
    });
  });

  test('the row of another tool that is bad without an issue has one finding', async () => {
    const row: CheckResult = { ...missing, issues: [] };
    expect((await decide([row])).counted).toEqual(['mcp.config']);
    expect((await decide([row], { baseline: reportOf(missing) })).known).toEqual(['mcp.config']);
  });
});
