import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { plantProgram } from '../../fixtures/programs.ts';
import type { ProcessRun } from '../../src/host/process.ts';
import type { Repository, RepositoryFault } from '../../src/host/repository.ts';
import check from './environment.ts';

type Seen = Parameters<typeof check.judge>[0];

const path = '/usr/bin/git';
const works: ProcessRun = {
  kind: 'exited',
  path,
  exitCode: 0,
  stdout: 'git version 2.39.5\n',
  stderr: '',
  durationMs: 2,
};
const repository: Repository = {
  kind: 'found',
  root: '/work',
  entry: 'directory',
  gitDirectory: '/work/.git',
  commonDirectory: '/work/.git',
  head: { kind: 'branch', name: 'main' },
  config: [],
  owners: [],
};
const healthy: Seen = {
  goneFolder: undefined,
  onPath: [path],
  selected: path,
  run: works,
  isPlaceholder: false,
  repository,
  foreignOwner: undefined,
  redirections: [],
};
const broken = (fault: RepositoryFault): Partial<Seen> => ({
  repository: { kind: 'broken', root: '/work', entry: 'file', fault, path: '/work/.git' },
});
const absent: Partial<Seen> = { onPath: [], selected: undefined, run: { kind: 'not_found' } };

test.each<[string, Partial<Seen>, string[]]>([
  ['git in a repository', {}, []],
  ['git outside any', { repository: { kind: 'none' } }, []],
  ['neither', { ...absent, repository: { kind: 'none' } }, []],
  ['--no-exec', { run: { kind: 'disabled' } }, []],
  ['not trusted', { run: { kind: 'untrusted', path, reason: 'x can be written by every user' } }, []],
  ['a repository without git', absent, ['missing']],
  ['a broken repository without git', { ...absent, ...broken('pointer to nowhere') }, ['missing', 'missing']],
  ['a git without execute permission', { ...absent, onPath: [path] }, ['permissions']],
  ["Apple's placeholder", { run: { kind: 'not_found' }, isPlaceholder: true }, ['missing']],
  ['a failing git', { run: { ...works, exitCode: 1, stderr: 'dyld: no library' } }, ['exit']],
  ['a crashing git', { run: { kind: 'signalled', path, signal: 'SIGBUS' } }, ['exit']],
  ['a hanging git', { run: { kind: 'timeout', path, timeoutMs: 2000 } }, ['timeout']],
  ['a git for another machine', { run: { kind: 'spawn_failed', path, code: 'ENOEXEC' } }, ['spawn']],
  ['another program', { run: { ...works, stdout: 'hub 2' } }, ['mismatch']],
  ['a dangling link', broken('dangling'), ['missing']],
  ['half a repository', broken('not a repository'), ['malformed']],
  ['a file of something else', broken('malformed pointer'), ['malformed']],
  ['a pointer to nowhere', broken('pointer to nowhere'), ['missing']],
  ['a closed folder', broken('unreadable'), ['unreadable']],
  ['a malformed HEAD', { repository: { ...repository, head: { kind: 'malformed' } } }, ['malformed']],
  ['somebody else as owner', { foreignOwner: { path: '/work', uid: 1001 } }, ['permissions']],
])('judged: %s', (_title, seen, classes) => {
  const verdict = check.judge({ ...healthy, ...seen });
  expect(verdict.issues.map(({ severity, failure }) => `${severity} ${failure?.class}`)).toEqual(
    classes.map((name) => `warning ${name}`),
  );
});

test.each<[string, Repository['config'], boolean | string]>([
  ['unset', [], false],
  ['on', [{ key: 'core.fsmonitor', value: 'true' }], true],
  ['on without a value', [{ key: 'core.fsmonitor', value: true }], true],
  ['off', [{ key: 'core.fsmonitor', value: 'False' }], false],
  ['a hook', [{ key: 'core.fsmonitor', value: '/evil --token x' }], 'a program'],
])('core.fsmonitor %s', (_title, config, expected) => {
  const verdict = check.judge({ ...healthy, repository: { ...repository, config } });
  expect(verdict.details['core.fsmonitor']).toBe(expected);
});

/** Runs the real git, away from the configuration of whoever runs the tests. */
function git(cwd: string, ...args: string[]): string {
  const identity = [
    '-c',
    'user.name=t',
    '-c',
    'user.email=t@example.invalid',
    '-c',
    'init.defaultBranch=trunk',
  ];
  return execFileSync('git', [...identity, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
}

async function examine(cwd: string, more: Partial<Parameters<typeof testContext>[0]> = {}) {
  const context = testContext({
    home: cwd,
    cwd,
    exec: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin', HOME: temporaryHome() },
    ...more,
  });
  return check.judge(structuredClone(await check.probe(context)));
}

test('a real repository is found from a folder inside, with its branch and version', async () => {
  const top = temporaryHome();
  git(top, 'init', '-q');
  git(top, 'commit', '-q', '--allow-empty', '-m', 'first');
  git(top, 'switch', '-q', '-c', 'feature/x');
  mkdirSync(join(top, 'deep/er'), { recursive: true });
  const version = git(top, '--version').trim().split(' ')[2];
  const verdict = await examine(join(top, 'deep/er'));
  expect(verdict).toMatchObject({ summary: `git ${version} · feature/x`, issues: [] });
  expect(verdict.details).toMatchObject({
    'repo detected': true,
    'repo root': top,
    '.git entry': 'directory',
    'git branch': 'feature/x',
    'core.fsmonitor': false,
  });
});

test('a current folder that was deleted is a fault of its own, also when its name is taken again', async () => {
  const home = temporaryHome();
  const gone = join(home, 'gone');
  const isDeleted = [
    { severity: 'fail', failure: { class: 'missing' }, cause: expect.stringContaining(home) },
  ];
  const missing = await check.probe(testContext({ home, cwd: gone }));
  expect(check.judge(missing).issues).toMatchObject(isDeleted);
  const retaken = await check.probe(testContext({ home, cwd: home, cwdIsGone: true }));
  expect(check.judge(retaken).issues).toMatchObject(isDeleted);
});

test('a detached head, a linked worktree and a linked .git are read as git reads them', async () => {
  const top = temporaryHome();
  const main = join(top, 'main');
  mkdirSync(main);
  git(main, 'init', '-q');
  git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
  git(main, 'worktree', 'add', '-q', '-b', 'side', '../side');
  const side = await examine(join(top, 'side'));
  expect(side.issues).toEqual([]);
  expect(side.details).toMatchObject({
    'git branch': 'side',
    '.git entry': `file -> ${join(main, '.git/worktrees/side')}`,
  });
  git(main, 'checkout', '-q', '--detach');
  const commit = git(main, 'rev-parse', 'HEAD').slice(0, 12);
  expect((await examine(main)).details['git branch']).toBe(`detached at ${commit}`);
  renameSync(join(main, '.git'), join(top, 'elsewhere'));
  symlinkSync('../elsewhere', join(main, '.git'));
  expect((await examine(main)).details).toMatchObject({
    'repo detected': true,
    '.git entry': 'link to directory',
  });
  rmSync(join(main, '.git'));
  const orphan = await examine(join(top, 'side'));
  expect(orphan.issues).toMatchObject([{ severity: 'warning', failure: { class: 'missing' } }]);
});

test.each<[string, (top: string) => void, string | undefined]>([
  ['an empty .git folder is a shield, not a repository', (top) => mkdirSync(join(top, '.git')), undefined],
  [
    'a .git folder with rubble',
    (top) => mkdirSync(join(top, '.git/objects'), { recursive: true }),
    'malformed',
  ],
  ['a pointer to nowhere', (top) => writeFileSync(join(top, '.git'), 'gitdir: ../gone\n'), 'missing'],
  ['a file of something else', (top) => writeFileSync(join(top, '.git'), '\0\u001b[2J'), 'malformed'],
  ['a dangling link', (top) => symlinkSync('gone', join(top, '.git')), 'missing'],
  ['a link to itself', (top) => symlinkSync('.git', join(top, '.git')), 'missing'],
  ['a FIFO', (top) => void execFileSync('mkfifo', [join(top, '.git')]), undefined],
])('%s', async (_title, arrange, failureClass) => {
  const top = temporaryHome();
  arrange(top);
  const verdict = await examine(top);
  expect(verdict.issues.map(({ failure }) => failure?.class)).toEqual(failureClass ? [failureClass] : []);
  expect(verdict.details['repo detected']).toBe(false);
});

test('nothing that a repository configures is run', async () => {
  const top = temporaryHome();
  git(top, 'init', '-q');
  const evil = plantProgram(join(top, 'evil'), `touch ${join(top, 'executed')}`);
  for (const key of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'alias.version', 'core.hooksPath'])
    git(top, 'config', key, key.startsWith('alias') ? `!${evil}` : evil);
  plantProgram(join(top, 'git'), `touch ${join(top, 'executed')}`);
  const verdict = await examine(top, { env: { PATH: `.::${top}:/usr/local/bin:/usr/bin:/bin` } });
  expect(existsSync(join(top, 'executed'))).toBe(false);
  expect(verdict.details).toMatchObject({ 'core.fsmonitor': 'a program', 'selected git': join(top, 'git') });
  expect(verdict.details['git execution']).toContain('current project');
});

test.each([
  ['nothing', '', ['permissions']],
  ['this repository', '[safe]\n\tdirectory = $ROOT\n', []],
  ['every repository', '[safe]\n\tdirectory = *\n', []],
  ['a folder of repositories', '[safe]\n\tdirectory = $PARENT/*\n', []],
  ['another repository', '[safe]\n\tdirectory = /else\n', ['permissions']],
  ['it, and then nothing again', '[safe]\n\tdirectory = $ROOT\n\tdirectory =\n', ['permissions']],
])('a repository of somebody else, with %s declared safe', async (_title, config, classes) => {
  const home = temporaryHome();
  const top = temporaryHome();
  git(top, 'init', '-q');
  const text = config.replace('$ROOT', top).replace('$PARENT', join(top, '..'));
  writeFileSync(join(home, '.gitconfig'), text);
  const context = testContext({ home, cwd: top, env: { HOME: home, PATH: '/usr/bin:/bin' } });
  const { machine } = context;
  const seen = await check.probe({ ...context, machine: { ...machine, uid: (machine.uid ?? 0) + 4242 } });
  const verdict = check.judge(structuredClone(seen));
  expect(verdict.issues.map(({ failure }) => failure?.class)).toEqual(classes);
});

test("Apple's placeholder is recognised and never run", async () => {
  const context = testContext({ home: temporaryHome(), exec: true, env: { PATH: '/usr/bin' } });
  const { machine, files, helpers } = context;
  const asked: string[] = [];
  const seen = await check.probe({
    ...context,
    machine: { ...machine, platform: 'darwin' },
    files: {
      ...files,
      look: (at) =>
        at.startsWith('/Library') || at.startsWith('/App') ? { kind: 'missing' } : files.look(at),
    },
    helpers: {
      run: (command, args) => {
        asked.push(command);
        return helpers.run(command, args);
      },
    },
  });
  expect(asked).toEqual([]);
  expect(check.judge(seen).issues).toMatchObject([{ command: 'xcode-select --install' }]);
});
