import { appendFileSync, existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import {
  answer,
  ask,
  assistant,
  endTool,
  endTurn,
  runTool,
  startTool,
  stopTool,
  traceBundle,
  user,
} from '../../../fixtures/trace-bundle.ts';

/* `stethos trace` as a process. */

const TOKEN = `sk-proj-${'a1B2c3D4'.repeat(6)}`;

const sample = (): string =>
  traceBundle((b) => {
    ask(b, 'i1', [user('a')]);
    answer(b, 'i1', 'r1', [assistant('first\u001b[31m line\nsecond')]);
    startTool(b, 'c1', 'exec_command');
    runTool(b, 'c1', 'exec_command', {
      command: ['curl', '-H', `Authorization: Bearer ${TOKEN}`],
      cwd: '/w',
    });
    stopTool(b, 'c1', { exit_code: 7 });
    endTool(b, 'c1');
    endTurn(b, 'failed');
  });

test('reduce writes state.json beside the events, for its owner alone, and prints its path', async () => {
  const bundle = sample();
  // A bundle comes from somewhere: what stands in it must not say which file is overwritten.
  const other = join(temporaryHome({ 'other.txt': 'stays' }), 'other.txt');
  symlinkSync(other, join(bundle, 'state.json'));
  const { exitCode, stdout, stderr } = await stethos(['trace', 'reduce', bundle]);
  const path = join(bundle, 'state.json');
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: `${path}\n`, stderr: '' });
  expect(readFileSync(other, 'utf8')).toBe('stays');
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    inference_calls: { i1: { response_id: 'r1' } },
  });
});

test('show tells turns, models and tools, of a bundle as of its state.json; without secrets and control characters', async () => {
  const bundle = sample();
  const output = join(temporaryHome(), 'reduced.json');
  await stethos(['trace', 'reduce', bundle, '-o', output]);
  expect(existsSync(join(bundle, 'state.json'))).toBe(false);
  const [shown, again] = await Promise.all([
    stethos(['trace', 'show', bundle, '--all']),
    stethos(['trace', 'show', output, '--all']),
  ]);
  expect({ exitCode: shown.exitCode, stderr: shown.stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(again.stdout).toBe(shown.stdout);
  expect(shown.stdout).toContain('The recording has no end');
  expect(shown.stdout).toMatch(/turn {2}failed/);
  expect(shown.stdout).toContain('response r1 · request x-r1');
  expect(shown.stdout).toContain(String.raw`first\u001b[31m line\nsecond`);
  expect(shown.stdout).toContain('exit code 7');
  expect(shown.stdout).not.toContain(TOKEN);
  expect(shown.stdout).not.toContain('\u001b');
});

test('--json is for a program, --no-redact for whoever wants to see it all', async () => {
  const { stdout } = await stethos(['trace', 'show', sample(), '--json', '--no-redact']);
  const shown = JSON.parse(stdout) as { schemaVersion: number; rows: { kind: string; details: string[] }[] };
  expect(shown.rows.map(({ kind }) => kind)).toEqual(['thread', 'turn', 'inference', 'tool']);
  expect(shown.rows.flatMap(({ details }) => details).join(' ')).toContain(TOKEN);
});

test('no line is wider than the terminal, unless all is asked for', async () => {
  const bundle = traceBundle((b) => {
    ask(b, 'i1', []);
    answer(b, 'i1', 'r1', [assistant('漢字 '.repeat(200))]);
  });
  const { stdout } = await stethos(['trace', 'show', bundle], { env: { COLUMNS: '60' } });
  expect(
    Math.max(...stdout.split('\n').map((line) => line.replaceAll(/[\u3000-\uffff]/g, '..').length)),
  ).toBeLessThanOrEqual(60);
  const all = await stethos(['trace', 'show', bundle, '--all'], { env: { COLUMNS: '60' } });
  const piped = await stethos(['trace', 'show', bundle]);
  for (const whole of [all, piped]) expect(whole.stdout).toContain('漢字 '.repeat(200).trim());
});

test('--tolerant takes a trace whose writer died, and says what is missing', async () => {
  const bundle = sample();
  appendFileSync(join(bundle, 'trace.jsonl'), '{"seq":');
  const strict = await stethos(['trace', 'show', bundle]);
  expect(strict.exitCode).toBe(1);
  expect(strict.stderr).toContain('--tolerant');
  const { exitCode, stdout } = await stethos(['trace', 'show', bundle, '--tolerant']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/line \d+ of the event log was left out/);
});

test.each<[number, readonly string[], string]>([
  [1, ['show', 'none'], 'CODEX_ROLLOUT_TRACE_ROOT'],
  [1, ['show', 'list.json'], 'it is no reduced trace'],
  [1, ['show', 'odd.json'], 'see trace_id'],
  [1, ['reduce', '.'], 'there is no manifest.json'],
  [2, [], 'stethos trace show FOLDER'],
  [2, ['look', '.'], 'A trace is reduced or shown'],
  [2, ['show'], 'takes one path'],
  [2, ['show', '.', '-o', 'x'], '--output goes with reduce'],
  [2, ['reduce', '.', '--json'], '--json goes with show'],
  [2, ['show', '.', '--tolerent'], 'Did you mean --tolerant?'],
])('exit code %i: %j', async (code, args, words) => {
  const cwd = temporaryHome({ 'list.json': '[]', 'odd.json': '{"threads":{"t":{}}}' });
  const { exitCode, stdout, stderr } = await stethos(['trace', ...args], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toContain(words);
  expect(stderr).not.toContain('    at ');
});

test('a state.json of another program may hold more, and its words steer no terminal', async () => {
  const bundle = sample();
  const path = join(temporaryHome(), 'state.json');
  await stethos(['trace', 'reduce', bundle, '-o', path]);
  const state = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...state, rollout_id: '\u001b]0;title\u0007', more: 1 }));
  const { exitCode, stdout } = await stethos(['trace', 'show', path]);
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain('\u001b');
});

test('--help says both verbs and the exit codes', async () => {
  const { stdout } = await stethos(['trace', '--help']);
  expect(stdout).toContain('stethos trace reduce <bundle>');
  expect(stdout).toContain('Exit codes:');
});
