import { expect, test } from 'vitest';
import { newParser } from '../command-line.ts';
import { UsageError } from '../usage-error.ts';
import { overridesOf, scriptFileOf } from './overrides.ts';
import { readExecCommand } from './read-arguments.ts';
import type { ExecCommand } from './read-arguments.ts';

function read(...argv: readonly string[]): ExecCommand {
  const command = readExecCommand(argv, newParser);
  if (!command) throw new Error('help was asked for');
  return command;
}

test.each<[readonly string[], Partial<ExecCommand>]>([
  [['listen'], { prompt: 'listen', start: { kind: 'new' } }],
  [[], { prompt: undefined, start: { kind: 'new' } }],
  [['-'], { prompt: '-' }],
  [['--', '--json is a flag'], { prompt: '--json is a flag' }],
  [['--json', '-m', 'gpt-5.5', 'listen'], { prompt: 'listen' }],
  [['resume', 'abc', 'go on'], { prompt: 'go on', start: { kind: 'resume', session: 'abc' } }],
  [['resume', '--last', 'go on'], { prompt: 'go on', start: { kind: 'resume', session: undefined } }],
  [['resume', 'abc'], { prompt: undefined, start: { kind: 'resume', session: 'abc' } }],
  [['fork', 'abc', 'go on'], { start: { kind: 'fork', session: 'abc' } }],
  [
    ['--json', '-m', 'fork', 'resume', '--last', 'go on'],
    { prompt: 'go on', start: { kind: 'resume', session: undefined } },
  ],
  [['-C', '/x', 'fork', 'abc'], { prompt: undefined, start: { kind: 'fork', session: 'abc' } }],
  [['-m', 'resume', 'go'], { prompt: 'go', start: { kind: 'new' } }],
  [['--json', '--', 'resume'], { prompt: 'resume', start: { kind: 'new' } }],
  [['12'], { prompt: '12' }],
])('%j', (argv, command) => expect(read(...argv)).toMatchObject(command));

test.each([
  [['listen', 'to', 'this']],
  [['--nope']],
  [['resume']],
  [['--json', 'fork']],
  [['-m', 'resume', '--last', 'go']],
  [['--sandbox', 'none', 'x']],
  [['--model']],
])('%j is no command', (argv) => expect(() => read(...argv)).toThrow(UsageError));

test('options of their own come after -c, as TOML writes them', () => {
  const { args } = read(
    '-c',
    'model="a"',
    '-m',
    'b"c',
    '-s',
    'workspace-write',
    '--add-dir',
    'x',
    '-p',
    'work',
    'go',
  );
  expect(overridesOf(args, '/base')).toEqual({
    set: [
      'model="a"',
      String.raw`model="b\"c"`,
      'sandbox_mode="workspace-write"',
      'sandbox_workspace_write.writable_roots=["/base/x"]',
    ],
    enable: [],
    disable: [],
    profile: 'work',
    ignoreUserConfig: false,
  });
});

test('a bypass says both: no question and no sandbox', () =>
  expect(overridesOf(read('--dangerously-bypass-approvals-and-sandbox', 'x').args, '/').set).toEqual([
    'sandbox_mode="danger-full-access"',
    'approval_policy="never"',
  ]));

test.each([
  [['--oss', 'x'], 'model_provider="ollama"'],
  [['--oss', '--local-provider', 'lmstudio', 'x'], 'model_provider="lmstudio"'],
  [['--provider', 'own', 'x'], 'model_provider="own"'],
])('%j asks for a provider', (argv, line) =>
  expect(overridesOf(read(...argv).args, '/').set).toEqual([line]),
);

test('a script is no provider of the configuration', () => {
  const { args } = read('--provider', 'scripted=demo.json', 'x');
  expect(scriptFileOf(args)).toBe('demo.json');
  expect(overridesOf(args, '/').set).toEqual(['model="scripted"']);
});

test.each([
  [['--local-provider', 'ollama', 'x'], '--oss'],
  [['-c', 'model', 'x'], 'key=value'],
  [['--full-auto', 'x'], /^Unknown argument: full-auto$/],
])('%j is a wrong command line', (argv, words) => expect(() => read(...argv)).toThrow(words));
