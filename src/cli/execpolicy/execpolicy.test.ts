import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';

/* `stethos execpolicy check` as a process (spec/agent-core.md 3.2). */

const RULES = {
  'git.rules': 'prefix_rule(pattern=["git", ["status", "log"]], justification="reads only")',
  'rm.rules':
    'prefix_rule(pattern=["rm"], decision="forbidden")\nhost_executable(name="git", paths=["/usr/bin/git"])',
  'bad.rules': 'prefix_rule(pattern=["a"])\nprefix_rule(pattern=[])',
};
const GIT = { matchedPrefix: ['git', 'status'], decision: 'allow', justification: 'reads only' };

const check = (...args: readonly string[]) =>
  stethos(['execpolicy', 'check', ...args], { cwd: temporaryHome(RULES) });

test.each<[readonly string[], object]>([
  [
    ['--rules', 'git.rules', 'git', 'status', '-s'],
    { matchedRules: [{ prefixRuleMatch: GIT }], decision: 'allow' },
  ],
  [['--rules', 'git.rules', 'ls'], { matchedRules: [] }],
  [
    ['-r', 'git.rules', '--rules=rm.rules', '--', 'rm', '--', '--rules'],
    {
      matchedRules: [{ prefixRuleMatch: { matchedPrefix: ['rm'], decision: 'forbidden' } }],
      decision: 'forbidden',
    },
  ],
  [['-r', 'git.rules', '-r', 'rm.rules', '/usr/bin/git', 'status'], { matchedRules: [] }],
  [
    ['-r', 'git.rules', '-r', 'rm.rules', '--resolve-host-executables', '/usr/bin/git', 'status'],
    { matchedRules: [{ prefixRuleMatch: { ...GIT, resolvedProgram: '/usr/bin/git' } }], decision: 'allow' },
  ],
])('%j', async (args, expected) => {
  const { exitCode, stdout, stderr } = await check(...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual(expected);
  expect(stdout.trimEnd()).not.toContain('\n');
});

test('--pretty indents', async () =>
  expect((await check('--pretty', '--rules', 'git.rules', 'ls')).stdout).toBe(
    '{\n  "matchedRules": []\n}\n',
  ));

test.each<[number, readonly string[], string]>([
  [1, ['--rules', 'none', 'ls'], 'none cannot be read: it does not exist.'],
  [1, ['--rules', '.', 'ls'], '. cannot be read: it is a directory.'],
  [1, ['--rules', 'bad.rules', 'ls'], 'bad.rules:2:'],
  [2, ['ls'], '--rules FILE'],
  [2, ['--rules', 'git.rules'], 'Which command'],
  [2, ['--rulse', 'git.rules', 'ls'], 'Did you mean --rules?'],
])('exit code %i: %j', async (code, args, words) => {
  const { exitCode, stdout, stderr } = await check(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toContain(words);
  expect(stderr).not.toContain('    at ');
});

test('another word than check', async () => {
  const { exitCode, stderr } = await stethos(['execpolicy', 'chekc']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('stethos execpolicy check --rules FILE');
});
