import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { distrustOf, distrustOnWindows, groupHasOthers } from './trust.ts';
import type { Ownership, TrustSource } from './trust.ts';

const ME = 1000;
const STRANGER = 1001;
const OWN_GROUP = 1000;
const SHARED_GROUP = 50;

const directory = (more: Partial<Ownership> = {}): Ownership => ({
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  ...more,
});
const file = (more: Partial<Ownership> = {}): Ownership => ({ ...directory(more), type: 'other' });
const link = (linkTarget: string, more: Partial<Ownership> = {}): Ownership => ({
  ...directory(more),
  type: 'link',
  mode: 0o777,
  linkTarget,
});

/** A machine whose folders are root's unless listed. */
function machine(
  listed: Readonly<Record<string, Ownership | undefined>>,
  platform: NodeJS.Platform = 'linux',
): TrustSource {
  return {
    platform,
    uid: ME,
    ownership: (path) => (path in listed ? listed[path] : directory()),
    groupHasOthers: (gid) => gid !== OWN_GROUP,
  };
}

test.each<[string, string, Readonly<Record<string, Ownership>>]>([
  ['the distribution', '/usr/bin/git', { '/usr/bin/git': file() }],
  ['cargo in the home', '/home/me/.cargo/bin/rg', { '/home/me/.cargo/bin/rg': file({ uid: ME }) }],
  [
    'a home with the umask of most distributions, group-writable by a private group',
    '/home/me/bin/rg',
    { '/home/me/bin': directory({ uid: ME, gid: OWN_GROUP, mode: 0o775 }) },
  ],
  [
    'nix, whose store is sticky and writable by the builders',
    '/home/me/.nix-profile/bin/rg',
    {
      '/home/me/.nix-profile': link('/nix/store/abc-profile', { uid: ME }),
      '/nix/store': directory({ mode: 0o1775, gid: 30_000 }),
      '/nix/store/abc-profile/bin/rg': file({ mode: 0o555 }),
    },
  ],
  ['snap', '/snap/bin/rg', { '/snap/bin/rg': link('/usr/bin/snap') }],
  ['a folder of my own in /tmp', '/tmp/mine/rg', { '/tmp': directory({ mode: 0o1777 }) }],
  ['a group-writable folder of root', '/opt/bin/rg', { '/opt/bin': directory({ mode: 0o775, gid: 0 }) }],
  ['a relative link upwards', '/opt/bin/rg', { '/opt/bin/rg': link('../lib/rg') }],
])('trusted: %s', (_title, path, listed) => {
  expect(distrustOf(path, machine(listed))).toBeUndefined();
});

test.each<[string, string, Readonly<Record<string, Ownership | undefined>>, string]>([
  [
    'a file of somebody else',
    '/opt/rg',
    { '/opt/rg': file({ uid: STRANGER }) },
    '/opt/rg belongs to user 1001',
  ],
  [
    'a link that somebody else made in /tmp',
    '/tmp/rg',
    { '/tmp': directory({ mode: 0o1777 }), '/tmp/rg': link('/usr/bin/env', { uid: STRANGER }) },
    '/tmp/rg belongs to user 1001',
  ],
  [
    'a folder open to all',
    '/opt/x/bin/rg',
    { '/opt/x': directory({ mode: 0o777 }) },
    '/opt/x can be written by every',
  ],
  [
    'a folder of a shared group',
    '/usr/local/bin/rg',
    { '/usr/local': directory({ mode: 0o2775, gid: SHARED_GROUP }) },
    '/usr/local can be written by group 50',
  ],
  [
    'a link whose target stands in an open folder',
    '/usr/bin/rg',
    { '/usr/bin/rg': link('../../srv/share/rg'), '/srv/share': directory({ mode: 0o777 }) },
    '/srv/share can be written by every user',
  ],
  [
    'the root folder itself open to all',
    '/usr/bin/rg',
    { '/': directory({ mode: 0o777 }) },
    '/ can be written by every',
  ],
  [
    'a sticky bit on a file',
    '/opt/rg',
    { '/opt/rg': file({ mode: 0o1777 }) },
    '/opt/rg can be written by every user',
  ],
  [
    'a loop of links',
    '/opt/a',
    { '/opt/a': link('b'), '/opt/b': link('a') },
    '/opt/a leads through too many links',
  ],
  ['something that vanished', '/opt/rg', { '/opt/rg': undefined }, '/opt/rg cannot be looked at'],
])('not trusted: %s', (_title, path, listed, reason) => {
  expect(distrustOf(path, machine(listed))).toContain(reason);
});

test('on macOS the administrators may write, elsewhere a group of that number may not', () => {
  const listed = { '/opt/homebrew/bin': directory({ uid: ME, gid: 80, mode: 0o775 }) };
  expect(distrustOf('/opt/homebrew/bin/rg', machine(listed, 'darwin'))).toBeUndefined();
  expect(distrustOf('/opt/homebrew/bin/rg', machine(listed, 'linux'))).toContain('group 80');
});

test('one bad place anywhere on the way is enough, and it is the one that is named', () => {
  const segment = fc.stringMatching(/^[a-z]{1,6}$/);
  fc.assert(
    fc.property(fc.uniqueArray(segment, { minLength: 1, maxLength: 8 }), fc.nat(), (segments, choice) => {
      const path = `/${segments.join('/')}`;
      expect(distrustOf(path, machine({}))).toBeUndefined();
      const bad = `/${segments.slice(0, 1 + (choice % segments.length)).join('/')}`;
      expect(distrustOf(path, machine({ [bad]: directory({ mode: 0o757 }) }))).toContain(`${bad} can`);
    }),
  );
});

const accounts =
  'root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\nbob:x:1001:100::/home/bob:/bin/sh\n';
const groups =
  'root:x:0:\nme:x:1000:\nteam:x:60:me,bob\nmine:x:61:me,root\nghost:x:62:nobodyknown\nusers:x:100:\nempty:x:50:\n';

test.each([
  ['a private group', 1000, false],
  ['a group with another member', 60, true],
  ['a group of root and me', 61, false],
  ['a member without an account', 62, true],
  ["another account's primary group", 100, true],
  ['a group without members', 50, false],
  ['a group that only a directory service knows', 99_999, true],
])('members besides root and me: %s', (_title, gid, expected) => {
  expect(groupHasOthers({ gid, uid: ME, groups, accounts })).toBe(expected);
});

test.each([
  ['C:\\Program Files\\Git\\cmd\\git.exe', 'trusted'],
  ['c:\\windows\\System32\\where.EXE', 'trusted'],
  ['C:\\Users\\me\\scoop\\shims\\rg.exe', 'trusted'],
  ['C:\\tools\\rg.exe', 'outside'],
  ['C:\\Program Files Evil\\rg.exe', 'outside'],
  ['C:\\Program Files\\..\\tools\\rg.exe', 'outside'],
  ['C:\\Users\\me\\AppData\\npm\\rg.cmd', 'not an .exe'],
])('Windows: %s', (path, reason) => {
  const env = { SystemRoot: 'C:\\Windows', ProgramFiles: 'C:\\Program Files', USERPROFILE: 'C:\\Users\\me' };
  expect(distrustOnWindows(path, env) ?? 'trusted').toContain(reason);
});
