import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { npmUnder, plantTree } from '../../../fixtures/install.ts';
import type { Planted } from '../../../fixtures/install.ts';
import { files } from '../../host/files.ts';
import { isSamePath, npmRoot, parseNpmRoot } from './npm-root.ts';

function rootOf(tree: Readonly<Record<string, Planted>>, env: Readonly<Record<string, string>> = {}) {
  const root = plantTree({ ...npmUnder('usr'), ...tree });
  const expanded = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value.replaceAll('<root>', root)]),
  );
  const found = npmRoot({
    env: { PATH: join(root, 'usr/bin'), HOME: join(root, 'home'), ...expanded },
    cwd: root,
    files,
    platform: 'linux',
  });
  return found.kind === 'known' ? found.root.replace(root, '') : found.kind;
}

test.each<[string, Readonly<Record<string, Planted>>, Readonly<Record<string, string>>, string]>([
  ['the folder above Node.js', {}, {}, '/usr/lib/node_modules'],
  [
    'the file that came with npm',
    { 'usr/lib/node_modules/npm/npmrc': 'prefix = /opt/builtin\n' },
    {},
    '/opt/builtin/lib/node_modules',
  ],
  [
    'the global file',
    { 'usr/etc/npmrc': 'prefix=/opt/global\n', 'usr/lib/node_modules/npm/npmrc': 'prefix=/opt/builtin\n' },
    {},
    '/opt/global/lib/node_modules',
  ],
  [
    'the user file',
    { 'home/.npmrc': 'prefix=~/.npm-global\n', 'usr/etc/npmrc': 'prefix=/opt/global\n' },
    {},
    '/home/.npm-global/lib/node_modules',
  ],
  [
    'the environment',
    { 'home/.npmrc': 'prefix=/opt/user\n' },
    { NPM_CONFIG_PREFIX: '/opt/env' },
    '/opt/env/lib/node_modules',
  ],
  [
    'an empty variable counts for nothing',
    { 'home/.npmrc': 'prefix=/opt/user\n' },
    { npm_config_prefix: '' },
    '/opt/user/lib/node_modules',
  ],
  [
    'another user file',
    { 'etc/mine': 'prefix = "/opt/mine"\n' },
    { npm_config_userconfig: '<root>/etc/mine' },
    '/opt/mine/lib/node_modules',
  ],
  [
    'another global file',
    { 'etc/all': 'prefix=/opt/all\n' },
    { npm_config_globalconfig: '<root>/etc/all' },
    '/opt/all/lib/node_modules',
  ],
  [
    'a variable in a file',
    { 'home/.npmrc': 'prefix=${PLACE}/npm\n' },
    { PLACE: '/srv' },
    '/srv/npm/lib/node_modules',
  ],
  [
    'PREFIX in place of the folder above Node.js',
    {},
    { PREFIX: '/opt/prefix' },
    '/opt/prefix/lib/node_modules',
  ],
  [
    'comments and sections are not settings',
    { 'home/.npmrc': '; prefix=/a\n# prefix=/b\n[section]\nprefix=/c\n' },
    {},
    '/usr/lib/node_modules',
  ],
  ["a project's own file does not count", { '.npmrc': 'prefix=/opt/project\n' }, {}, '/usr/lib/node_modules'],
])('npm writes by %s', (_name, tree, env, expected) => {
  expect(rootOf(tree, env)).toBe(expected);
});

test('a stand-in of a version manager can only be asked', () => {
  const root = plantTree({
    'bin/npm': { executable: '#!/bin/sh\n' },
    'bin/node': { executable: '#!/bin/sh\n' },
  });
  const found = npmRoot({ env: { PATH: join(root, 'bin') }, cwd: root, files });
  expect(found.kind).toBe('unknown');
});

test('without npm there is no answer', () => {
  expect(npmRoot({ env: { PATH: '/nonexistent' }, cwd: '/', files })).toEqual({ kind: 'no_npm' });
});

test.each([
  ['/usr/lib/node_modules\n', '/usr/lib/node_modules'],
  ['npm warn something\n/opt/x\n', '/opt/x'],
  ['not a folder\n', undefined],
  ['', undefined],
])('the answer of npm root -g: %j', (stdout, expected) => {
  expect(parseNpmRoot(stdout)).toBe(expected);
});

test('Windows spells one folder in many ways', () => {
  const a = String.raw`C:\Users\Me\AppData\Roaming\npm\node_modules`;
  expect(isSamePath(a, 'c:/users/me/appdata/roaming/npm/node_modules/', 'win32')).toBe(true);
  expect(isSamePath(String.raw`\\?\C:\x`, String.raw`C:\x`, 'win32')).toBe(true);
});

test('elsewhere, case and backslashes tell folders apart', () => {
  expect(isSamePath('/opt/X', '/opt/x', 'linux')).toBe(false);
  expect(isSamePath('/private/var/x', '/var/x', 'darwin')).toBe(true);
});

test('the root is the root, however many slashes spell it', () => {
  expect(isSamePath('/', '///', 'linux')).toBe(true);
  expect(isSamePath('//', '/', 'darwin')).toBe(true);
  expect(isSamePath('/', '/opt', 'linux')).toBe(false);
});

test('a folder is always the same as itself, however its end is spelled', () => {
  const platform = fc.constantFrom('linux', 'darwin', 'win32') as fc.Arbitrary<NodeJS.Platform>;
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), platform, (parts, on) => {
      const path = `/${parts.join('/')}`;
      expect(isSamePath(path, path, on)).toBe(true);
      expect(isSamePath(path, `${path}/`, on)).toBe(true);
    }),
  );
});
