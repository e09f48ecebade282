import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import type { Report } from '../../doctor/report.ts';

const saved = (report: object = sampleReport): string => {
  const path = join(temporaryHome(), 'report.json');
  writeFileSync(path, JSON.stringify(report));
  return path;
};
const reportOf = (stdout: string): Report => JSON.parse(stdout) as Report;

describe('doctor --from', () => {
  test('shows a saved report in every format and judges it today', async () => {
    const { exitCode, stdout, stderr } = await stethos(['doctor', '--from', saved()]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toContain('the state DB is damaged');
    const judged = await stethos(['doctor', '--from', saved(), '--json', '--fail-on', 'never']);
    expect(judged.exitCode).toBe(0);
    expect(reportOf(judged.stdout)).toMatchObject({
      generatedAt: sampleReport.generatedAt,
      importedFrom: { format: 'stethos' },
      gate: { failOn: 'never', exitCode: 0 },
    });
  });

  test('reads a report of codex from standard input', async () => {
    const { stdout } = await stethos(['doctor', '--from', saved(), '--format', 'codex']);
    const again = await stethos(['doctor', '--from', '-', '--json'], { input: stdout });
    expect(again.exitCode).toBe(1);
    expect(reportOf(again.stdout)).toMatchObject({
      importedFrom: { format: 'codex' },
      checks: { 'state.integrity': { status: 'fail' } },
    });
  });

  test.each([
    [['--from', '/dev/null/none'], 'cannot be read'],
    [['--from', join(import.meta.dirname, 'outputs.ts')], 'holds no report'],
    [['--from', '-', '--only', 'state.*'], '--only has no meaning'],
    [['--from', '-', '--sentry'], '--sentry has no meaning'],
  ])('%j is a wrong command line', async (args, words) => {
    const { exitCode, stdout, stderr } = await stethos(['doctor', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});

describe('doctor --baseline', () => {
  const args = ['doctor', '--offline', '--no-exec', '--target', 'codex', '--home', '/dev/null/home'];

  test('lets through what was as bad before, and says so', async () => {
    const first = await stethos([...args, '--json', '--only', 'state.paths']);
    expect(first.exitCode).toBe(1);
    const baseline = saved(JSON.parse(first.stdout) as object);
    const again = await stethos([...args, '--json', '--only', 'state.paths', '--baseline', baseline]);
    expect(again.exitCode).toBe(0);
    expect(reportOf(again.stdout).gate).toMatchObject({ counted: [], known: ['state.paths'] });
  });

  test('that cannot be read keeps everything from running', async () => {
    const { exitCode, stdout, stderr } = await stethos([...args, '--baseline', '/dev/null/none']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('/dev/null/none');
  });
});
