import { expect, test } from 'vitest';
import { shellArguments, userShell } from './shell.ts';

const having = (...paths: string[]) => ({
  look: (path: string) =>
    paths.includes(path)
      ? ({
          kind: 'found',
          type: 'file',
          size: 1,
          mode: 0o755,
          uid: 0,
          inode: 1,
          device: 1,
          modifiedAtMs: 0,
          isLink: false,
        } as const)
      : ({ kind: 'missing' } as const),
});

test.each([
  ['$SHELL', { SHELL: '/opt/zsh' }, '/bin/sh', ['/opt/zsh', '/bin/sh'], '/opt/zsh'],
  ['the account’s, where $SHELL is none', {}, '/bin/zsh', ['/bin/zsh'], '/bin/zsh'],
  ['the account’s, where $SHELL is gone', { SHELL: '/opt/zsh' }, '/bin/zsh', ['/bin/zsh'], '/bin/zsh'],
  [
    'bash, where the user has one of another language',
    { SHELL: '/usr/bin/fish' },
    '/usr/bin/fish',
    ['/usr/bin/fish', '/bin/bash'],
    '/bin/bash',
  ],
  ['sh, where nothing else is', { SHELL: 'bash' }, undefined, ['bash', '/bin/sh'], '/bin/sh'],
  ['sh, where nothing is known', {}, undefined, [], '/bin/sh'],
])('commands run in %s', (_name, env, accountShell, present, expected) => {
  expect(userShell({ env, accountShell, files: having(...present), platform: 'linux' })).toBe(expected);
});

test('on Windows commands run in PowerShell', () => {
  const shell = userShell({ env: {}, accountShell: undefined, files: having(), platform: 'win32' });
  expect(shellArguments(shell, { script: 'dir', login: false })).toEqual([
    'powershell.exe',
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    'dir',
  ]);
});

test('a login shell reads the profile', () => {
  expect(shellArguments('/bin/bash', { script: 'x', login: true })).toEqual(['/bin/bash', '-lc', 'x']);
  expect(shellArguments('zsh', { script: 'x', login: false })).toEqual(['zsh', '-c', 'x']);
});

test.each(['/bin/rm', 'env', '/usr/bin/python3', '', 'bash -c evil'])('%j is no shell', (shell) => {
  expect(() => shellArguments(shell, { script: '-rf', login: false })).toThrow(/no shell/);
});
