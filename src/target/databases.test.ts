import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';

const databasesOf = (options: Parameters<typeof testContext>[0]) => testContext(options).target.databases();

test('every database of the profile is named, whether it exists or not', () => {
  const home = temporaryHome();
  const { databases, home: place, listing } = databasesOf({ home });
  expect(place).toMatchObject({ path: home, source: '--home' });
  expect(listing).toBe('read');
  expect(databases.map(({ label, look }) => [label, look.kind])).toEqual([
    ['state DB', 'missing'],
    ['log DB', 'missing'],
    ['goals DB', 'missing'],
    ['memories DB', 'missing'],
    ['memories v2 DB', 'missing'],
    ['queue DB', 'missing'],
    ['thread history DB', 'missing'],
  ]);
});

test('other databases beside them are found too, backups are not', () => {
  const home = temporaryHome({
    'state_4.sqlite': '',
    'state_5.sqlite': '',
    'state_5.sqlite-wal': '',
    'db-backups/sqlite-1-0/state_5.sqlite': '',
    'folder.sqlite/entry': '',
  });
  const unknown = databasesOf({ home }).databases.filter(({ profile }) => !profile);
  expect(unknown.map(({ label, path }) => [label, path])).toEqual([
    ['state_4.sqlite', join(home, 'state_4.sqlite')],
  ]);
});

test.each([
  ['the configuration, relative to its file', 'sqlite_home = "db"', { CODEX_SQLITE_HOME: '/variable' }, 'db'],
  ['the variable, relative to the current folder', '', { CODEX_SQLITE_HOME: 'work' }, 'work'],
  ['a blank variable counts as unset', '', { CODEX_SQLITE_HOME: '  ' }, '.'],
  ['a tilde means the user', 'sqlite_home = "~/db"', { HOME: '/users/me' }, '/users/me/db'],
  ['a tilde in the variable too', '', { HOME: '/users/me', CODEX_SQLITE_HOME: '~/db' }, '/users/me/db'],
])('the SQLite home comes from %s', (_name, config, env, expected) => {
  const home = temporaryHome({ 'config.toml': config });
  const { path } = databasesOf({ home, env }).home;
  expect(path).toBe(join(expected.startsWith('/') ? '' : home, expected));
});

test('the log database follows log_dir, the others do not', () => {
  const home = temporaryHome({ 'config.toml': 'log_dir = "logs"\nsqlite_home = "db"' });
  const paths = databasesOf({ home }).databases.map(({ path }) => path);
  expect(paths.slice(0, 3)).toEqual([
    join(home, 'db/state_5.sqlite'),
    join(home, 'logs/logs_2.sqlite'),
    join(home, 'db/goals_1.sqlite'),
  ]);
});

test('a missing SQLite home is told apart from an empty one', () => {
  const home = temporaryHome({ 'config.toml': 'sqlite_home = "nowhere"' });
  expect(databasesOf({ home })).toMatchObject({ listing: 'missing', home: { look: { kind: 'missing' } } });
});
