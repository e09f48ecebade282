import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import type { Report } from '../../doctor/report.ts';

const doctor = (home: string) => [
  'doctor',
  '--offline',
  '--no-exec',
  '--home',
  home,
  '--only',
  'runtime.node',
];
const reportOf = (stdout: string): Report => JSON.parse(stdout) as Report;

/** The doctor in a folder of its own, over an empty home. */
const doctorIn = (cwd: string, args: readonly string[], env = {}) =>
  stethos(['doctor', '--offline', '--json', '--home', temporaryHome(), ...args], { cwd, env });

describe('settings', () => {
  test('a waiver of the project lets a row through until its day, in every format', async () => {
    const project = temporaryHome({
      'stethos.toml': [
        '[doctor]',
        'only = ["state.paths"]',
        'format = ["json"]',
        '[[waiver]]',
        'check = "state.*"',
        'reason = "no home on this runner"',
        'expires = 2999-12-31',
      ].join('\n'),
    });
    const args = ['doctor', '--offline', '--no-exec', '--target', 'codex', '--home', '/dev/null/home'];
    const waived = await stethos(args, { cwd: project });
    expect(JSON.parse(waived.stdout)).toMatchObject({
      checks: { 'state.paths': { status: 'fail' } },
      gate: {
        exitCode: 0,
        counted: [],
        waived: [{ check: 'state.paths', reason: 'no home on this runner' }],
      },
      notes: expect.arrayContaining([
        { kind: 'info', check: 'settings', text: expect.stringContaining('state.paths') },
      ]),
    });
    expect(waived.exitCode).toBe(0);
    expect((await stethos(args, { cwd: temporaryHome() })).exitCode).toBe(1);
  });

  test('a file that cannot be followed is a wrong command line, with its line', async () => {
    const project = temporaryHome({ 'stethos.toml': '[doctor]\nfail_on = "wran"\n' });
    const { exitCode, stdout, stderr } = await stethos(doctor(temporaryHome()), { cwd: project });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('stethos.toml:2:');
    expect(stderr).toContain('warn');
  });

  test('an option is stronger than a variable, a variable stronger than a file', async () => {
    const project = temporaryHome({ 'stethos.toml': '[doctor]\nformat = ["summary"]\n' });
    const run = async (args: string[], env = {}) =>
      (await stethos([...doctor(temporaryHome()), ...args], { cwd: project, env })).stdout;
    expect(await run([])).toContain('without --summary: the evidence');
    expect(await run([], { STETHOS_FORMAT: 'json' })).toMatch(/^\{/);
    expect(await run(['--format', 'codex'], { STETHOS_FORMAT: 'json' })).toContain('since unix epoch');
  });
});

describe('checks of others', () => {
  const DECLARED = [
    '[[check]]',
    'id = "acme.licence"',
    'kind = "file"',
    'path = "licence.txt"',
    'remedy = "Ask the platform team for one."',
  ].join('\n');

  test('a declared check of the user has a row like any other', async () => {
    const config = temporaryHome({ 'stethos/stethos.toml': DECLARED });
    const { exitCode, stdout } = await doctorIn(temporaryHome(), ['--only', 'acme.*'], {
      XDG_CONFIG_HOME: config,
    });
    expect(exitCode).toBe(1);
    expect(reportOf(stdout).checks).toEqual({
      'acme.licence': expect.objectContaining({
        status: 'fail',
        section: 'Plugins',
        remediation: 'Ask the platform team for one.',
      }),
    });
  });

  test('one of a project counts where the project is trusted', async () => {
    const project = temporaryHome({ 'stethos.toml': DECLARED, 'licence.txt': '' });
    const trusted = await doctorIn(project, ['--only', 'acme.*', '--trust-project']);
    expect(reportOf(trusted.stdout).checks['acme.licence']?.status).toBe('ok');
    const untrusted = await doctorIn(project, ['--only', 'runtime.node']);
    expect(reportOf(untrusted.stdout).notes).toContainEqual({
      kind: 'info',
      check: 'settings',
      text: expect.stringContaining('check acme.licence'),
    });
  });

  test('one that cannot be followed keeps everything from running', async () => {
    const project = temporaryHome({ 'stethos.toml': DECLARED.replace('"file"', '"fiel"') });
    const { exitCode, stdout, stderr } = await doctorIn(project, ['--trust-project']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('stethos.toml');
    expect(stderr).toContain('file');
  });
});

test('with a history, a run says what comes and goes', async () => {
  const config = temporaryHome({
    'stethos/stethos.toml': '[[check]]\nid = "acme.mount"\nkind = "file"\npath = "mounted"\n',
  });
  const env = { XDG_CONFIG_HOME: config, XDG_STATE_HOME: temporaryHome() };
  const home = temporaryHome();
  const notes = async (isThere: boolean) => {
    const mounted = join(config, 'stethos/mounted');
    if (isThere) writeFileSync(mounted, '');
    else rmSync(mounted);
    const args = ['doctor', '--offline', '--json', '--history', '--home', home, '--only', 'acme.*'];
    const { stdout, stderr } = await stethos(args, { env });
    expect(stderr).toBe('');
    return reportOf(stdout).notes.filter(({ text }) => text.startsWith('flapping'));
  };
  expect(await notes(true)).toEqual([]);
  expect(await notes(false)).toEqual([]);
  expect(await notes(true)).toEqual([]);
  expect(await notes(false)).toEqual([
    {
      kind: 'warning',
      check: 'acme.mount',
      text: 'flapping: 3 changes between good and bad in the last 4 runs, bad now',
    },
  ]);
});
