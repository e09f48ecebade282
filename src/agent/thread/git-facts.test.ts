import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { files } from '../../host/files.ts';
import { gitFacts, publicRemoteUrl, sessionGit } from './git-facts.ts';
import { createWorkspaceLook } from './workspaces.ts';
import type { LookAtWorkspaces, WorkspaceOptions } from './workspaces.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stethos-git-facts-'));
  const made = root;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
});

/** Real git, without the settings of whoever runs the tests. */
function git(...args: readonly string[]): string {
  const own = ['user.name=ann', 'user.email=ann@example.test', 'init.defaultBranch=main'];
  const settings = own.flatMap((setting) => ['-c', setting]);
  const env = { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...settings, ...args], { cwd: root, env, encoding: 'utf8' }).trim();
}

function repository(): string {
  git('init', '-q');
  writeFileSync(join(root, 'a'), 'one\n');
  git('add', 'a');
  git('commit', '-qm', 'one');
  return git('rev-parse', 'HEAD');
}

const told = (): unknown => {
  const facts = gitFacts(root, files);
  return facts && sessionGit(facts);
};

const lookWith = (options: Partial<WorkspaceOptions> = {}): LookAtWorkspaces =>
  createWorkspaceLook({
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    userDirectory: root,
    files,
    uid: process.geteuid?.(),
    exec: true,
    ...options,
  });

test('tells commit, branch and remotes as git tells them, loose or packed', () => {
  const commit = repository();
  git('remote', 'add', 'origin', 'https://ann:token@example.test/o/r.git?key=secret#part');
  const expected = { commit_hash: commit, branch: 'main', repository_url: 'https://example.test/o/r.git' };
  expect(told()).toEqual(expected);
  git('pack-refs', '--all');
  expect(told()).toEqual(expected);
  git('checkout', '-q', '-b', 'a/b');
  expect(told()).toEqual({ ...expected, branch: 'a/b' });
  git('checkout', '-q', '--detach');
  expect(told()).toEqual({ commit_hash: commit, repository_url: expected.repository_url });
});

test('a repository without commits has a branch, and a folder without a repository nothing', () => {
  expect(gitFacts(root, files)).toBeUndefined();
  git('init', '-q');
  expect(gitFacts(root, files)).toMatchObject({ commit: undefined, branch: 'main', remotes: {} });
});

test('reads no file outside of the references', () => {
  repository();
  writeFileSync(join(root, 'secret'), `${'ab'.repeat(20)}\n`);
  writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/../../../secret\n');
  expect(gitFacts(root, files)?.commit).toBeUndefined();
});

test.each([
  ['https://github.com/o/r.git', 'https://github.com/o/r.git'],
  ['https://ann:token@github.com/o/r.git', 'https://github.com/o/r.git'],
  ['https://github.com/o/r.git?access_token=t#f', 'https://github.com/o/r.git'],
  ['ssh://bob:pw@host.example:2222/x.git', 'ssh://host.example:2222/x.git'],
  ['git@github.com:o/s.git', 'git@github.com:o/s.git'],
  ['token@github.com:o/s.git', 'github.com:o/s.git'],
  ['/srv/git/r.git', '/srv/git/r.git'],
  ['file:///srv/git/r.git', 'file:///srv/git/r.git'],
  ['ext::sh -c evil', undefined],
  ['https://a b@host/x', undefined],
  ['https://', undefined],
])('shows the remote %s as %s', (written, shown) => {
  expect(publicRemoteUrl(written)).toBe(shown);
});

test('whatever stands before the host of a URL is not told', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w.~%!$&'()*+,;=:-]{6,20}$/), (secret) => {
      const shown = publicRemoteUrl(`https://${secret}@example.test/o/r.git?${secret}`) ?? '';
      expect(['', 'https://example.test/o/r.git']).toContain(shown);
    }),
  );
});

test('a workspace says what has changed, which git itself is asked', async () => {
  const commit = repository();
  git('remote', 'add', 'origin', 'git@example.test:o/r.git');
  const clean = {
    associated_remote_urls: { origin: 'git@example.test:o/r.git' },
    latest_git_commit_hash: commit,
    has_changes: false,
  };
  const look = lookWith();
  expect(await look(root)).toEqual({ [root]: clean });
  writeFileSync(join(root, 'new'), '');
  expect(await look(root)).toEqual({ [root]: { ...clean, has_changes: true } });
});

test.each([
  ['helpers are not to be run', {}, { exec: false }],
  ['the repository could have git start a program', { 'filter.x.clean': 'touch planted' }, {}],
  ['the repository could have git fetch something', { 'remote.origin.promisor': 'true' }, {}],
  ['it belongs to somebody else', {}, { uid: 4_711 }],
])('a workspace says nothing of changes where %s', async (_why, settings, options) => {
  const commit = repository();
  for (const [key, value] of Object.entries(settings)) git('config', key, value);
  writeFileSync(join(root, '.gitattributes'), '* filter=x\n');
  writeFileSync(join(root, 'a'), 'two\n');
  expect(await lookWith(options)(root)).toEqual({ [root]: { latest_git_commit_hash: commit } });
  expect(files.look(join(root, 'planted')).kind).toBe('missing');
});

test('a monitor of files that a repository names is not started', async () => {
  repository();
  const program = join(root, 'monitor');
  writeFileSync(program, `#!/bin/sh\ntouch ${root}/planted\n`, { mode: 0o755 });
  git('config', 'core.fsmonitor', program);
  expect(await lookWith()(root)).toMatchObject({ [root]: { has_changes: true } });
  expect(files.look(join(root, 'planted')).kind).toBe('missing');
});

test('a folder without a repository has no workspaces', async () => {
  mkdirSync(join(root, '.git'));
  expect(await lookWith()(root)).toBeUndefined();
});
