import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { files } from '../host/files.ts';
import { chooseHome, loginCommandOf, userDirectory } from './home.ts';

const choose = (choice: Partial<Parameters<typeof chooseHome>[0]>) =>
  chooseHome({ target: 'auto', cwd: '/work', env: { HOME: '/nobody' }, ...choice }, files);

describe('which home', () => {
  test.each([
    ['a bare machine: its own', {}, 'stethos', '/nobody/.stethos', 'default'],
    ['a named target', { target: 'codex' as const }, 'codex', '/nobody/.codex', 'default'],
    ['--home', { home: '/srv/agent' }, 'codex', '/srv/agent', '--home'],
    ['--home with a trailing slash', { home: '/srv/agent//' }, 'codex', '/srv/agent', '--home'],
    ['a relative --home', { home: './agent/../other' }, 'codex', '/work/other', '--home'],
    [
      '--home of a named target',
      { home: '/srv/agent', target: 'stethos' as const },
      'stethos',
      '/srv/agent',
      '--home',
    ],
    ['the variable', { env: { CODEX_HOME: '/srv/agent/' } }, 'codex', '/srv/agent', 'CODEX_HOME'],
    ['a relative variable', { env: { CODEX_HOME: 'agent' } }, 'codex', '/work/agent', 'CODEX_HOME'],
    [
      'an empty variable counts as unset',
      { env: { HOME: '/nobody', CODEX_HOME: '' } },
      'stethos',
      '/nobody/.stethos',
      'default',
    ],
  ])('%s', (_name, choice, profile, path, source) => {
    const home = choose(choice);
    expect({ profile: home.profile.id, path: home.path, source: home.source }).toEqual({
      profile,
      path,
      source,
    });
  });

  test('of two homes codex is examined and the other one named', () => {
    const user = temporaryHome();
    for (const name of ['.codex', '.stethos']) mkdirSync(join(user, name));
    const home = choose({ env: { HOME: user } });
    expect(home.path).toBe(join(user, '.codex'));
    expect(home.alsoPresent.map(({ path }) => path)).toEqual([join(user, '.stethos')]);
  });

  test('--home belongs to the examined agent alone', () => {
    const user = temporaryHome();
    mkdirSync(join(user, '.stethos'));
    expect(choose({ env: { HOME: user }, home: '/srv/agent' }).alsoPresent.map(({ path }) => path)).toEqual([
      join(user, '.stethos'),
    ]);
  });
});

test.each([
  ['/home/ann', '/home/ann'],
  ['/home/ann/', '/home/ann'],
  ['relative', homedir()],
  ['', homedir()],
  [undefined, homedir()],
])('HOME %j means %s', (value, expected) => {
  expect(userDirectory(value === undefined ? {} : { HOME: value })).toBe(expected);
});

test('only a home that the agent would not take by itself is named in its login command', () => {
  expect(loginCommandOf(choose({ target: 'codex' }))).toBe('codex login');
  expect(loginCommandOf(choose({ env: { CODEX_HOME: '/srv/agent' } }))).toBe('codex login');
  expect(loginCommandOf(choose({ home: '/srv/my agent' }))).toBe("CODEX_HOME=/srv/'my agent' codex login");
});
