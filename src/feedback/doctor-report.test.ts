import { expect, test } from 'vitest';
import { reportIn, runDoctor } from './doctor-report.ts';

const run = (script: string, timeoutMs = 20_000) =>
  runDoctor({
    command: [process.execPath, '-e', script],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', NOTHING: undefined },
    timeoutMs,
  });

test('a report is taken from the first brace on, and whatever the exit code says', async () => {
  expect(
    await run(
      `console.log('Welcome to this shell\\n' + JSON.stringify({ overallStatus: 'fail' })); process.exitCode = 1`,
    ),
  ).toEqual({ kind: 'report', report: { overallStatus: 'fail' } });
});

test.each<[string, string, RegExp]>([
  ['hangs', 'setInterval(() => {}, 1000)', /no report within 0\.5 s/],
  [
    'hangs and starts programs',
    `require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); setInterval(() => {}, 1000)`,
    /no report within/,
  ],
  ['is killed', `process.kill(process.pid, 'SIGKILL')`, /ended by SIGKILL/],
  ['says nothing', 'process.exitCode = 3', /printed no report \(exit code 3\)/],
  ['says what is no JSON', `console.log('{ broken')`, /printed no report \(exit code 0\)/],
])('a doctor that %s leaves no report and does not hold anybody up', async (_, script, words) => {
  const timeoutMs = script.includes('setInterval') ? 500 : 20_000;
  const done = await run(script, timeoutMs);
  expect(done).toEqual({ kind: 'none', reason: expect.stringMatching(words) as string });
});

test('a doctor that prints without end is stopped', async () => {
  const done = await run(`const fs = require('fs'); for (;;) fs.writeSync(1, '{'.repeat(65536))`);
  expect(done).toEqual({ kind: 'none', reason: expect.stringContaining('printed more than') as string });
});

test('a doctor that is not there', async () => {
  const done = await runDoctor({ command: ['/nonexistent/doctor'], cwd: '/', env: {} });
  expect(done).toEqual({ kind: 'none', reason: 'the doctor could not be started (ENOENT)' });
});

test('no brace, no report', () => expect(reportIn('nothing here')).toBeUndefined());
