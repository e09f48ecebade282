import { mkdirSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startFaultServer } from '../../../fixtures/lab/fault-server.ts';
import { closedPort } from '../../../fixtures/lab/listener.ts';
import { programPath, runNode, stethos } from '../../../fixtures/run.ts';
import { schemaErrors } from '../../../fixtures/schema.ts';
import { createRedactor } from '../../redact/redactor.ts';
import type { RedactedReport } from '../../doctor/report.ts';

const only = (id: string) => ['doctor', '--offline', '--no-exec', '--home', temporaryHome(), '--only', id];
const reportOf = (stdout: string): RedactedReport => JSON.parse(stdout) as RedactedReport;

describe('wrong command lines end with 2 and say what to type instead', () => {
  test.each([
    [['doctor', '--jsno'], 'Did you mean --json?'],
    [['doctor', '--only', 'runtime.nod'], 'Did you mean runtime.node?'],
    [['doctor', '--only', 'nothing.*'], 'nothing.*'],
    [['doctor', '--only'], 'only'],
    [['doctor', '--only', 'runtime.node', '--skip', 'runtime.*'], 'No check is left'],
    [['doctor', '--explain', 'runtime'], 'runtime'],
    [['doctor', '--timeout', 'soon'], '30s, 1500ms or 2m'],
    [['doctor', '--timeout', '0'], '--timeout 0'],
    [['doctor', '--fail-on', 'sometimes'], 'warn'],
    [['doctor', '--target', 'emacs'], 'codex'],
    [['doctor', '-c', 'novalue'], 'key=value'],
    [['doctor', '--network-only', '--offline'], 'exclude each other'],
    [['doctor', 'please'], 'please'],
    [['docotr'], 'docotr'],
    [[], 'stethos doctor'],
  ])('%j', async (args, words) => {
    const { exitCode, stdout, stderr } = await stethos(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });
});

test.each([[['--help']], [['doctor', '--help']], [['doctor', '-h']]])(
  '%j prints help and ends with 0',
  async (args) => {
    const { exitCode, stdout, stderr } = await stethos(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('stethos');
  },
);

test('--version prints the version alone', async () => {
  expect(await stethos(['--version'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
});

test('--list names every check once, and each one can be explained', async () => {
  const { stdout } = await stethos(['doctor', '--list']);
  const ids = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(ids).toContain('runtime.node');
  expect(new Set(ids).size).toBe(ids.length);
  const explained = await stethos(['doctor', '--explain', 'runtime.node']);
  expect(explained.stdout).toMatch(/^# runtime\.node\n/);
});

test('--network-only lists the checks of the connection and no others', async () => {
  const { stdout } = await stethos(['doctor', '--network-only', '--list']);
  expect(stdout).toMatch(/^network\.env /m);
  // What is wrong with the home or its configuration explains why nobody is asked.
  expect(stdout).toMatch(/^config\.load /m);
  expect(stdout).not.toMatch(/^(state\.(?!paths )|git|terminal|runtime)/m);
});

test('the JSON report is one document that follows the shipped schema', async () => {
  const { exitCode, stdout, stderr } = await stethos([
    'doctor',
    '--json',
    '--offline',
    '--home',
    temporaryHome(),
  ]);
  expect(schemaErrors(reportOf(stdout))).toEqual([]);
  expect(stderr).toBe('');
  expect([0, 1]).toContain(exitCode);
});

test.each([['--json'], ['--summary'], ['--all'], ['--ascii']])(
  'the exit code is the same with %s',
  async (flag) => {
    expect((await stethos([...only('runtime.node'), flag])).exitCode).toBe(0);
  },
);

test('--ascii is pure ASCII, and nothing is coloured outside a terminal', async () => {
  const { stdout } = await stethos(['doctor', '--ascii', '--offline', '--home', temporaryHome()]);
  expect(stdout).toMatch(/^[\n\u0020-\u007E]+$/);
});

test.each([
  [{ FORCE_COLOR: '1' }, [], true],
  [{ FORCE_COLOR: '0' }, [], false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, [], true],
  [{ FORCE_COLOR: '1' }, ['--no-color'], false],
  [{}, [], false],
])('colour with %j and %j: %s', async (env, flags, expected) => {
  const { stdout } = await stethos([...only('runtime.node'), ...flags], { env });
  expect(stdout.includes('\u001B[')).toBe(expected);
});

test.each([
  [[], ['GET /v1/models', 'HEAD /v1']],
  [['--offline'], []],
  [['--skip', '*_reachability,auth.live,system.clock,network.ca'], []],
])('with %j the provider is asked %j', async (flags, expected) => {
  await using provider = await startFaultServer({ '*': { answer: { status: 200 } } });
  const home = temporaryHome({
    'config.toml': [
      'model_provider = "near"',
      'check_for_update_on_startup = false',
      '[model_providers.near]',
      'name = "near"',
      `base_url = "${provider.url('/v1')}"`,
    ].join('\n'),
  });
  await stethos(['doctor', '--target', 'codex', '--home', home, ...flags]);
  const asked = provider.requests.map(({ method, url }) => `${method} ${url.split('?')[0]}`);
  expect(asked.toSorted()).toEqual(expected);
});

/** A user directory with these agent homes. */
const homes = (...names: string[]) => {
  const user = temporaryHome();
  for (const name of names) mkdirSync(join(user, name));
  return user;
};

describe('the target', () => {
  test.each([
    [['.codex'], [], 'codex', []],
    [['.stethos'], [], 'stethos', []],
    [['.codex', '.stethos'], [], 'codex', ['stethos']],
    [['.codex', '.stethos'], ['--target', 'stethos'], 'stethos', ['codex']],
    [[], [], 'stethos', []],
    [[], ['--target', 'codex'], 'codex', []],
  ])('homes %j, %j: examines %s, names %j', async (names, flags, profile, others) => {
    const { stdout } = await stethos(['doctor', '--json', '--offline', '--only', 'runtime.node', ...flags], {
      env: { HOME: homes(...names) },
    });
    const { target } = reportOf(stdout);
    expect({ profile: target.profile, others: target.alsoPresent.map((other) => other.profile) }).toEqual({
      profile,
      others,
    });
  });

  test('a relative home with a trailing slash, and HOME unset', async () => {
    const cwd = homes('agent');
    const { stdout } = await stethos(
      ['doctor', '--json', '--offline', '--only', 'runtime.node', '--home', './agent/'],
      { cwd },
    );
    expect(reportOf(stdout).target.home).toBe(join(cwd, 'agent'));
  });
});

test('the names of the account and the machine are hidden where they stand for themselves', async () => {
  const home = join(temporaryHome(), userInfo().username, hostname(), `not${hostname()}`);
  const { stdout } = await stethos([
    'doctor',
    '--json',
    '--offline',
    '--only',
    'runtime.node',
    '--home',
    home,
  ]);
  const hidden = createRedactor({
    userDirectory: '/',
    userName: userInfo().username,
    hostName: hostname(),
  }).text(home);
  expect(reportOf(stdout).target.home).toBe(hidden);
});

describe('a check that never answers', () => {
  test('Ctrl-C prints the partial report and ends with 130', async () => {
    const { exitCode, stdout } = await runNode([programPath('stalled-doctor.ts')], {
      onStart: (child) => child.stderr?.on('data', () => child.kill('SIGINT')),
    });
    const report = reportOf(stdout);
    expect(exitCode).toBe(130);
    expect(report).toMatchObject({ interrupted: true, overallStatus: 'warning' });
    expect(report.checks['sample.healthy']?.status).toBe('ok');
    expect(report.checks['sample.stalled']).toMatchObject({
      status: 'incomplete',
      summary: 'interrupted, while waiting for a silent host',
    });
  });

  test('the deadline prints the report and ends with 3', async () => {
    const { exitCode, stdout } = await runNode([programPath('stalled-doctor.ts'), '50', 'human']);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("the run's 50 ms were used up");
  });
});

test('a reader that goes away does not change the verdict or print a stack', async () => {
  const { exitCode, stderr } = await stethos(only('runtime.node'), {
    onStart: (child) => child.stdout?.destroy(),
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('a gate on one check does not pass where that check could not be judged', async () => {
  const home = temporaryHome({
    'auth.json': '{"auth_mode":"apikey","OPENAI_API_KEY":"nightingale"}',
    'config.toml': `model_provider = "lab"
[model_providers.lab]
name = "Lab"
base_url = "http://127.0.0.1:${await closedPort()}/v1"
requires_openai_auth = true
`,
  });
  const live = ['doctor', '--json', '--no-exec', '--home', home, '--only', 'auth.live'];
  const { exitCode, stdout } = await stethos(live, { env: { HOME: home } });
  const statuses = Object.values(reportOf(stdout).checks).map(({ id, status }) => [id, status]);
  expect({ exitCode, statuses }).toEqual({
    exitCode: 1,
    statuses: [
      ['auth.live', 'skipped'],
      ['network.provider_reachability', 'fail'],
    ],
  });
});

test('a machine without any agent is no alarm: there is nothing to be ill', async () => {
  const { exitCode, stdout } = await stethos(['doctor', '--json', '--skip', 'system.*,git.*,terminal.*'], {
    env: { HOME: temporaryHome(), PATH: '/usr/bin:/bin' },
  });
  const report = reportOf(stdout);
  expect(Object.values(report.checks).filter(({ status }) => status !== 'ok' && status !== 'idle')).toEqual(
    [],
  );
  expect(exitCode).toBe(0);
});
