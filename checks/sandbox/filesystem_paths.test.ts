import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { PathLook } from '../../src/host/files.ts';
import paths from './filesystem_paths.ts';

test('no configured path is nothing to judge', async () =>
  expect(paths.judge(await paths.probe(testContext({ home: temporaryHome() }))).kind).toBe('idle'));

test('writable roots are looked up beside the file that names them', async () => {
  const home = temporaryHome({
    'config.toml':
      '[sandbox_workspace_write]\nwritable_roots = ["here", "/nowhere/x", "~/mine", "loop", "gone"]\n',
  });
  mkdirSync(join(home, 'here'));
  symlinkSync('loop', join(home, 'loop'));
  symlinkSync('/nowhere/y', join(home, 'gone'));
  const verdict = paths.judge(await paths.probe(testContext({ home, env: { HOME: '/home/ann' } })));
  expect(verdict.details).toMatchObject({
    'configured paths': 5,
    'paths checked': 5,
    paths: [
      `${home}/here (write): directory`,
      '/nowhere/x (write): missing (may be intentional)',
      '/home/ann/mine (write): missing (may be intentional)',
      `${home}/loop (write): a link loop`,
      `${home}/gone (write): a dangling link`,
    ],
  });
  expect(verdict.issues.map(({ failure }) => failure?.class)).toEqual(['missing', 'missing']);
});

test('paths of the chosen permission profile', async () => {
  const home = temporaryHome({
    'config.toml':
      'default_permissions = "a"\n[permissions.a.filesystem]\n":root" = "read"\n"/" = "read"\n"/nowhere" = "deny"\n[permissions.b.filesystem]\n"/b" = "read"\n',
  });
  const seen = await paths.probe(testContext({ home }));
  expect(seen.paths.map(({ path, access }) => [path, access])).toEqual([
    ['/', 'read'],
    ['/nowhere', 'deny'],
  ]);
});

test.each<[string, PathLook, string | undefined]>([
  [
    'a device',
    {
      kind: 'found',
      type: 'device',
      size: 0,
      mode: 0,
      uid: 0,
      inode: 1,
      device: 1,
      modifiedAtMs: 0,
      isLink: false,
    },
    'wrong_type',
  ],
  ['a folder above that may not be entered', { kind: 'denied', code: 'EACCES' }, 'permissions'],
  ['a file system that answers with an error', { kind: 'failed', code: 'EIO' }, 'unreadable'],
  ['nothing', { kind: 'missing' }, undefined],
])('%s', (_name, look, expected) => {
  const path = {
    written: '/x',
    path: '/x',
    access: 'write',
    key: 'sandbox_workspace_write.writable_roots',
    look,
  } as const;
  const { issues } = paths.judge({ source: 'default', total: 1, paths: [path] });
  expect(issues[0]?.failure?.class).toBe(expected);
});

test('what was not looked at is said', () =>
  expect(paths.judge({ source: 'default', total: 9, paths: [] }).issues[0]?.cause).toBe(
    'Only 0 of 9 configured paths were looked at',
  ));
