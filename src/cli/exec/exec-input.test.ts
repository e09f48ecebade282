import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtLauncher } from '../../../fixtures/built-program/launcher.ts';
import { answer, makeExecLab } from '../../../fixtures/exec.ts';
import type { ExecPlace } from '../../../fixtures/exec.ts';
import { WARM_START } from '../../../fixtures/run.ts';
import type { Finished } from '../../../fixtures/run.ts';

/* Where the prompt of `stethos exec` comes from, and everything that keeps a run from starting. */

const launcher = await builtLauncher();
const lab = makeExecLab();
afterAll(lab.remove);

/** Answers with a word for the prompt that was heard. */
const listeners = (...words: readonly string[]): object[] => [
  ...words.map((word) => ({ when: { userText: word }, output: [`heard ${word}`] })),
  answer('heard something else'),
];

const inShell = async (place: ExecPlace, script: string, args: readonly string[]): Promise<Finished> => {
  const child = spawn('/bin/sh', ['-c', script, process.execPath, launcher, 'exec', ...args], {
    cwd: place.project,
    env: { ...WARM_START, ...place.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [exitCode, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { exitCode, signal, stdout, stderr };
};

describe('the prompt', () => {
  test.each([
    ['an argument', ['one'], undefined, 'one'],
    ['a pipe', [], 'two', 'two'],
    ['a pipe by its name', ['-'], 'three', 'three'],
    ['both', ['four'], 'five', 'four\n\n<stdin>\nfive\n</stdin>'],
    ['UTF-16', [], Buffer.from('\uFEFFsix', 'utf16le'), 'six'],
  ])('%s', async (_name, args, input, heard) => {
    const { stdout, exitCode } = await lab
      .place()
      .exec(listeners(heard), args, input === undefined ? {} : { input });
    expect({ stdout, exitCode }).toEqual({ stdout: `heard ${heard}\n`, exitCode: 0 });
  });

  test.each([
    ['closed', '"$0" "$@" <&-'],
    ['a folder', '"$0" "$@" < /'],
    ['empty', '"$0" "$@" < /dev/null'],
    ['of a process without a terminal', 'exec setsid "$0" "$@" < /dev/null'],
  ])('an argument, where standard input is %s', async (_name, script) => {
    const place = lab.place();
    const { stdout, exitCode } = await inShell(place, script, [...place.scripted(listeners('one')), 'one']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'heard one\n', exitCode: 0 });
  });

  test('20 MB of it', async () => {
    const input = `needle ${'hay '.repeat(5_000_000)}`;
    const { stdout, exitCode } = await lab.place().exec(listeners('needle'), ['--json'], { input });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('heard needle');
  });
});

/** How a run was refused: what was not said of `words`, with what was said instead. */
function refusal({ exitCode, stdout, stderr }: Finished, words: readonly string[]): object {
  const unsaid = words.filter((each) => !stderr.includes(each));
  return {
    exitCode,
    stdout,
    hasStack: stderr.includes('    at '),
    unsaid: unsaid.length > 0 ? [...unsaid, stderr] : [],
  };
}
const REFUSED = { exitCode: 1, stdout: '', hasStack: false, unsaid: [] };

describe('a wrong command line ends with 2', () => {
  test.each([
    [['--jsno', 'go'], ['Did you mean --json?']],
    [
      ['go', 'on'],
      ['one word too many: on', 'in quotes'],
    ],
    [['--sandbox', 'none', 'go'], ['read-only']],
    [['--cd', 'nowhere', 'go'], ['--cd nowhere is no folder']],
    [['resume'], ['Which session', '--last']],
  ])('%j', async (args, words) =>
    expect(refusal(await lab.place().exec([], args), words)).toEqual({ ...REFUSED, exitCode: 2 }),
  );
});

describe('what cannot begin ends with 1, and says what to do', () => {
  test.each<[string, readonly string[], readonly string[], Readonly<Record<string, string>>?]>([
    ['no prompt', [], ['There is no prompt', 'argument']],
    [
      'a schema that is missing',
      ['--output-schema', 'none.json', 'go'],
      ['--output-schema none.json', 'ENOENT'],
    ],
    ['a schema that is no JSON', ['--output-schema', '.git/HEAD', 'go'], ['.git/HEAD is no JSON']],
    ['an image that is missing', ['-i', 'none.png', 'go'], ['--image none.png is no file']],
    ['an unknown provider', ['-c', 'model_provider="nobody"', 'go'], ['nobody']],
    ['a session that is not there', ['resume', 'nothing', 'go'], ['no thread nothing', '--last']],
    ['no session of this folder', ['resume', '--last', 'go'], ['no earlier session', '--all']],
    ['no session at all', ['fork', '--last', '--all', 'go'], ['There is no earlier session.']],
    [
      'a configuration that is no TOML',
      ['go'],
      ['config.toml:2'],
      { 'home/config.toml': 'model = "x"\nmodel = ' },
    ],
    [
      'a setting of the wrong type',
      ['go'],
      ['model_context_window', 'config.toml:1'],
      { 'home/config.toml': 'model_context_window = "large"' },
    ],
    [
      'an unknown setting under --strict-config',
      ['--strict-config', 'go'],
      ['modle', 'config.toml:1'],
      { 'home/config.toml': 'modle = "x"' },
    ],
    ['rules that do not hold', ['go'], ['bad.rules:1'], { 'home/rules/bad.rules': 'prefix_rule(' }],
  ])('%s', async (_name, args, words, files = {}) => {
    const place = lab.place();
    for (const [path, content] of Object.entries(files)) place.file(path, content);
    expect(refusal(await place.exec([], args), words)).toEqual(REFUSED);
  });

  test.each([
    ['that cannot be played, with its place', 'script.json', ['responses[0].output']],
    ['that is missing', 'none.json', ['none.json', 'ENOENT']],
  ])('a script %s', async (_name, name, words) => {
    const place = lab.place();
    const script = place.file('script.json', '{"responses":[{"output":7}]}').replace('script.json', name);
    const refused = await place.run(['exec', '--provider', `scripted=${script}`, 'go']);
    expect(refusal(refused, words)).toEqual(REFUSED);
  });

  test.each([['file'], ['/proc/nowhere']])('a home that cannot be one: %s', async (named) => {
    const place = lab.place();
    const home = named === 'file' ? place.file('file', '') : named;
    const refused = await place.exec([answer('done')], ['--home', home, 'go']);
    expect(refusal(refused, [home, 'cannot be used'])).toEqual(REFUSED);
  });
});

describe('what lets a run start all the same', () => {
  const files = {
    'home/rules/bad.rules': 'prefix_rule(',
    'home/config.toml': 'approval_policy = 5',
  };

  test('--ignore-rules and --ignore-user-config', async () => {
    const place = lab.place();
    for (const [path, content] of Object.entries(files)) place.file(path, content);
    const { stdout, exitCode } = await place.exec(
      [answer('done')],
      ['--ignore-rules', '--ignore-user-config', 'go'],
    );
    expect({ stdout, exitCode }).toEqual({ stdout: 'done\n', exitCode: 0 });
  });

  test('row 18: outside of a Git repository only with a word for it', async () => {
    const place = lab.place();
    const outside = { cwd: join(place.project, '..', 'user') };
    const refused = await place.exec([answer('done')], ['go'], outside);
    const words = ['not in a Git repository', 'Nothing was run', '--skip-git-repo-check'];
    expect(refusal(refused, words)).toEqual(REFUSED);
    const { stdout } = await place.exec([answer('done')], ['--skip-git-repo-check', 'go'], outside);
    expect(stdout).toBe('done\n');
    const there = await place.exec([answer('done')], ['--cd', place.project, 'go'], outside);
    expect(there.stdout).toBe('done\n');
    expect(there.stderr).toContain(`workdir: ${place.project}`);
  });
});

test.each([
  [['exec', '--help'], 'stethos exec [options] [prompt]'],
  [['exec', 'resume', '--help'], 'stethos exec resume [session] [prompt]'],
  [['exec', 'fork', '-h'], 'stethos exec fork [session] [prompt]'],
  [['exec', '--version'], '0.'],
])('%j prints and ends with 0', async (args, words) => {
  const { exitCode, stdout, stderr } = await lab.place().run(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.startsWith(words)).toBe(true);
});
