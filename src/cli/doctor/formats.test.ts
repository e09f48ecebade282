import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { schemaErrors } from '../../../fixtures/schema.ts';

const doctor = (home: string) => [
  'doctor',
  '--offline',
  '--no-exec',
  '--home',
  home,
  '--only',
  'runtime.node',
];

describe('several formats in one run', () => {
  test('each goes to its place, and the page for people stays on standard output', async () => {
    const folder = temporaryHome();
    const [json, summary] = [join(folder, 'doctor.json'), join(folder, 'doctor.txt')];
    const { exitCode, stdout, stderr } = await stethos(
      [...doctor(temporaryHome()), '--format', `json=${json}`, '--format', 'summary=doctor.txt'],
      { cwd: folder },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Verdict: ok');
    expect(schemaErrors(JSON.parse(readFileSync(json, 'utf8')))).toEqual([]);
    expect(readFileSync(summary, 'utf8')).toContain('Verdict: ok');
  });

  test('a file that cannot be written is named; the report is printed and the run is incomplete', async () => {
    const { exitCode, stdout, stderr } = await stethos([
      ...doctor(temporaryHome()),
      '--format',
      'json=/dev/null/doctor.json',
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: 'stethos: the json report could not be written to /dev/null/doctor.json (ENOTDIR)\n',
    });
    expect(stdout).toContain('Verdict: ok');
  });

  test('nothing is written into the examined home', async () => {
    const home = temporaryHome();
    const { exitCode, stdout, stderr } = await stethos([
      ...doctor(home),
      '--format',
      `json=${home}/doctor.json`,
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('stands in the examined home');
  });
});

test('ndjson is written while the checks run, and its end holds the gate', async () => {
  const { exitCode, stdout } = await stethos([...doctor(temporaryHome()), '--format', 'ndjson']);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; check?: { id: string }; gate?: { exitCode: number } });
  expect(lines.map(({ type }) => type)).toEqual([
    'run_started',
    'check_started',
    'check_finished',
    'run_finished',
  ]);
  expect(lines.at(-1)?.gate?.exitCode).toBe(exitCode);
});

test('github puts the whole report on the page of the step', async () => {
  const summary = join(temporaryHome({ 'summary.md': '# before\n' }), 'summary.md');
  const { exitCode, stderr } = await stethos([...doctor(temporaryHome()), '--format', 'github'], {
    env: { GITHUB_STEP_SUMMARY: summary },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(readFileSync(summary, 'utf8')).toMatch(/^# before\n[^]*Verdict: ok/);
});
