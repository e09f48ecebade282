import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { put, rolloutPlace, session, threadId } from '../../fixtures/rollouts.ts';
import { createContext } from '../../src/doctor/context.ts';
import type { ContextOptions } from '../../src/doctor/context.ts';
import type { PathLook } from '../../src/host/files.ts';
import paths from './paths.ts';

type Evidence = Parameters<typeof paths.judge>[0];

function judged(seen: Evidence) {
  const verdict = paths.judge(seen);
  return {
    ...verdict,
    issues: verdict.issues.map(({ severity, failure, cause, remedy }) => ({
      severity,
      class: failure?.class,
      cause,
      remedy,
    })),
  };
}

const verdictOn = async (options: Partial<ContextOptions> & { home: string }) =>
  judged(await paths.probe(testContext(options)));

/** As a shell would start it, without `--home`. */
async function verdictFrom({ env, cwd = '/' }: { env: Record<string, string>; cwd?: string }) {
  const context = createContext({
    target: 'codex',
    cwd,
    env,
    overrides: { set: [], enable: [], disable: [] },
    exec: false,
    deep: false,
    offline: true,
  });
  const signal = new AbortController().signal;
  return judged(await paths.probe({ ...context, signal, waitingFor: () => undefined }));
}

test('a home that is in use', async () => {
  const home = temporaryHome({ 'config.toml': '', 'state_5.sqlite': '' });
  put(home, rolloutPlace(), session(threadId(1)));
  put(home, rolloutPlace({ id: threadId(2), archived: true }), 'xyz');
  mkdirSync(join(home, 'packages/standalone/releases/0.169.0'), { recursive: true });
  expect(await verdictOn({ home })).toMatchObject({
    kind: 'judged',
    issues: [],
    notes: [],
    details: {
      CODEX_HOME: `${home} (dir)`,
      'home source': '--home',
      'sqlite home': `${home} (dir)`,
      'log dir': `${home}/log (missing)`,
      'state DB': `${home}/state_5.sqlite (file)`,
      'goals DB': `${home}/goals_1.sqlite (missing)`,
      'active rollout files': 1,
      'active rollout bytes': session(threadId(1)).length,
      'archived rollout files': 1,
      'archived rollout bytes': 3,
      'standalone release cache': 1,
    },
  });
});

test('a configuration that cannot be read does not stop it', async () => {
  const home = temporaryHome({ 'config.toml': 'model = [broken' });
  expect(await verdictOn({ home })).toMatchObject({ kind: 'judged', issues: [] });
});

test.each<[string, (path: string) => void, string, string]>([
  ['history.jsonl', (path) => execFileSync('mkfifo', [path]), 'wrong_type', 'is a fifo'],
  ['AGENTS.md', (path) => symlinkSync('/nonexistent', path), 'missing', 'is a link to nothing'],
  ['hooks.json', (path) => symlinkSync(path, path), 'wrong_type', 'leads back to itself'],
  ['models_cache.json', (path) => symlinkSync('/dev/zero', path), 'wrong_type', 'is a device'],
  ['skills', (path) => writeFileSync(path, ''), 'wrong_type', 'is a file'],
])('something else in the place of %s', async (place, plant, failureClass, words) => {
  const home = temporaryHome();
  plant(join(home, place));
  expect((await verdictOn({ home })).issues).toEqual([
    {
      severity: 'warning',
      class: failureClass,
      cause: expect.stringMatching(`^${join(home, place)} .*${words}$`),
      remedy: expect.stringContaining(join(home, place)),
    },
  ]);
});

test('a history that is thrown away on purpose is fine', async () => {
  const home = temporaryHome();
  symlinkSync('/dev/null', join(home, 'history.jsonl'));
  expect(await verdictOn({ home })).toMatchObject({ issues: [] });
});

test.each<[PathLook & { kind: 'denied' | 'failed' }, string]>([
  [{ kind: 'denied', code: 'EACCES' }, 'permissions'],
  [{ kind: 'failed', code: 'EIO' }, 'unreadable'],
])('a place that cannot be looked at: %j', async (look, failureClass) => {
  const seen = await paths.probe(testContext({ home: temporaryHome() }));
  const place = { place: 'skills', type: 'directory', holds: 'skills', path: '/h/skills', look } as const;
  expect(judged({ ...seen, taken: [place] }).issues).toMatchObject([
    { class: failureClass, cause: expect.stringContaining('/h/skills') },
  ]);
});

test('an empty home is fine', async () => {
  expect(await verdictOn({ home: temporaryHome() })).toMatchObject({ kind: 'judged', issues: [] });
});

test('nothing at the default place: not set up yet', async () => {
  const user = temporaryHome();
  const verdict = await verdictFrom({ env: { HOME: user } });
  expect(verdict).toMatchObject({ kind: 'idle', issues: [] });
  expect(verdict.summary).toContain(join(user, '.codex'));
});

test.each<[string, (path: string) => void, string]>([
  ['missing', () => undefined, 'missing'],
  ['a file', (path) => writeFileSync(path, ''), 'wrong_type'],
  ['a FIFO', (path) => execFileSync('mkfifo', [path]), 'wrong_type'],
  ['a device', (path) => symlinkSync('/dev/zero', path), 'wrong_type'],
  ['a link to nothing', (path) => symlinkSync('/nowhere', path), 'missing'],
  ['a link to itself', (path) => symlinkSync(path, path), 'wrong_type'],
])('a home named by CODEX_HOME that is %s', async (_, make, failureClass) => {
  const path = join(temporaryHome(), 'home');
  make(path);
  const { issues } = await verdictFrom({ env: { CODEX_HOME: path } });
  expect(issues).toMatchObject([{ severity: 'fail', class: failureClass }]);
  expect(issues[0]?.cause).toContain(`${path}, named by CODEX_HOME,`);
  expect(issues[0]?.remedy).toContain('unset CODEX_HOME');
});

test.each(['/', '//', '/./'])('a trailing %s means nothing', async (suffix) => {
  const home = temporaryHome();
  expect(await verdictFrom({ env: { CODEX_HOME: home + suffix } })).toMatchObject({
    issues: [],
    details: { CODEX_HOME: `${home} (dir)` },
  });
});

test('a relative CODEX_HOME works and is pointed out', async () => {
  const folder = temporaryHome({ 'agent/config.toml': '' });
  expect(await verdictFrom({ cwd: folder, env: { CODEX_HOME: 'agent' } })).toMatchObject({
    issues: [],
    details: { CODEX_HOME: `${folder}/agent (dir)` },
    notes: [{ text: expect.stringContaining('relative') }],
  });
});

test.each<[string, (path: string) => void]>([
  ['a file', (path) => writeFileSync(path, '')],
  ['a FIFO', (path) => execFileSync('mkfifo', [path])],
  ['a link to nothing', (path) => symlinkSync('/nowhere', path)],
])('a session folder that is %s', async (_, make) => {
  const home = temporaryHome();
  make(join(home, 'archived_sessions'));
  expect((await verdictOn({ home })).issues).toMatchObject([
    { severity: 'fail', class: 'wrong_type', cause: expect.stringContaining(`${home}/archived_sessions`) },
  ]);
});

test('a folder for databases that does not exist matters once there are sessions', async () => {
  const home = temporaryHome();
  const env = { CODEX_SQLITE_HOME: join(home, 'databases') };
  expect((await verdictOn({ home, env })).issues).toEqual([]);
  put(home, rolloutPlace(), '');
  expect((await verdictOn({ home, env })).issues).toMatchObject([
    { severity: 'warning', class: 'missing', cause: expect.stringContaining('CODEX_SQLITE_HOME') },
  ]);
});

test('a log folder that is none', async () => {
  const home = temporaryHome({ log: '' });
  expect((await verdictOn({ home })).issues).toMatchObject([{ severity: 'warning', class: 'wrong_type' }]);
});

const FOLDER: PathLook = {
  kind: 'found',
  type: 'directory',
  size: 4_096,
  mode: 0o700,
  uid: 1_000,
  inode: 1,
  device: 1,
  modifiedAtMs: 0,
  isLink: false,
};
const HOME = '/home/ada/.codex';
const healthy: Evidence = {
  agent: 'Codex',
  variable: 'CODEX_HOME',
  path: HOME,
  source: 'default',
  given: undefined,
  home: FOLDER,
  listing: 'read',
  write: 'granted',
  logFolder: { path: `${HOME}/log`, look: { kind: 'missing' } },
  sqlite: { path: HOME, source: 'default', look: FOLDER, write: 'granted' },
  databases: [],
  taken: [],
  closedToWriting: undefined,
  active: { folder: 'sessions', state: { kind: 'read' }, files: 2, bytes: 20 },
  archived: { folder: 'archived_sessions', state: { kind: 'missing' }, files: 0, bytes: 0 },
  standaloneReleases: undefined,
};

test.each<[Partial<Evidence>, string]>([
  [{ write: 'denied' }, 'permissions'],
  [{ write: 'read_only_file_system' }, 'permissions'],
  [{ listing: 'denied' }, 'permissions'],
  [{ home: { kind: 'denied', code: 'EACCES' } }, 'permissions'],
  [{ home: { kind: 'failed', code: 'EIO' } }, 'unreadable'],
  [
    { active: { folder: 'sessions', state: { kind: 'denied', code: 'EACCES' }, files: 0, bytes: 0 } },
    'permissions',
  ],
  [
    { active: { folder: 'sessions', state: { kind: 'failed', code: 'EIO' }, files: 0, bytes: 0 } },
    'unreadable',
  ],
  [{ sqlite: { ...healthy.sqlite, path: '/other', write: 'denied' } }, 'permissions'],
  [{ closedToWriting: `${HOME}/sessions/2026` }, 'permissions'],
])('%j is one failure', (change, failureClass) => {
  const { issues } = judged({ ...healthy, ...change });
  expect(issues).toMatchObject([{ severity: 'fail', class: failureClass }]);
});

test.each([
  [999, 1024 ** 3 - 1, false],
  [1_000, 0, true],
  [0, 1024 ** 3, true],
  [1_526, 2_716_566_814, true],
])('%d active files of %d bytes', (files, bytes, noted) => {
  const { notes } = judged({ ...healthy, active: { ...healthy.active, files, bytes } });
  expect(notes.length > 0).toBe(noted);
});

test('a large set of sessions is put as a reader wants it', () => {
  const { notes } = judged({
    ...healthy,
    active: { ...healthy.active, files: 1_526, bytes: 2_716_566_814 },
  });
  expect(notes[0]?.text).toContain('1,526 active files · 2.53 GB on disk');
});

test('the evidence for a healthy home leads to no issue', () => {
  expect(judged(healthy)).toMatchObject({ kind: 'judged', issues: [], notes: [] });
});

test.each([
  ['sessions', true],
  ['sessions/2026/11', true],
  ['sessions/2026/11/20', true],
  ['archived_sessions', true],
  // Nothing is written to the folder of a day that is over.
  ['sessions/2026/11/19', false],
])('%s, when it may not be written to, is an issue: %s', async (folder, expected) => {
  const home = temporaryHome({
    'sessions/2026/11/20/x': '',
    'sessions/2026/11/19/x': '',
    'archived_sessions/x': '',
  });
  const context = testContext({ home });
  const files: typeof context.files = {
    ...context.files,
    writeAccess: (path) => (path === join(home, folder) ? 'denied' : 'granted'),
  };
  const clock = { now: () => new Date(2026, 10, 20, 12).getTime(), elapsed: () => 0 };
  const { issues } = paths.judge(await paths.probe({ ...context, files, clock }));
  expect(issues.map(({ failure, measured }) => [failure?.class, measured])).toEqual(
    expected ? [['permissions', `write access denied: ${join(home, folder)}`]] : [],
  );
});
