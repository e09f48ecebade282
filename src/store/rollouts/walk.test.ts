import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { RECORD, put, rolloutPlace, threadId } from '../../../fixtures/rollouts.ts';
import { files } from '../../host/files.ts';
import type { Files } from '../../host/files.ts';
import { walkRollouts } from './walk.ts';

const never = new AbortController().signal;
async function walk(
  home: string,
  { seam = files, signal = never }: { seam?: Files; signal?: AbortSignal } = {},
) {
  const tree = await walkRollouts(seam, home, 'sessions', signal);
  return { ...tree, files: [...tree.files] };
}

test('counts files and bytes, newest first', async () => {
  const home = temporaryHome();
  const places = ['2026-11-20', '2025-01-02', '2026-02-03'].map((day, index) =>
    rolloutPlace({ day, id: threadId(index) }),
  );
  for (const place of places) put(home, place, RECORD);
  const tree = await walk(home);
  expect(tree).toMatchObject({ state: { kind: 'read' }, bytes: 3 * RECORD.length, complete: true });
  expect(tree.files.map(({ folder }) => folder)).toEqual([
    'sessions/2026/11/20',
    'sessions/2026/02/03',
    'sessions/2025/01/02',
  ]);
});

test('a compressed twin counts its bytes and not as a file', async () => {
  const home = temporaryHome();
  put(home, rolloutPlace(), 'abc');
  put(home, `${rolloutPlace()}.zst`, 'de');
  put(home, `${rolloutPlace({ id: threadId(2) })}.zst`, 'f');
  const tree = await walk(home);
  expect(tree.files.map(({ name }) => name.endsWith('.zst'))).toEqual([true, false]);
  expect(tree).toMatchObject({ bytes: 6, twins: { count: 1, sample: [`${rolloutPlace()}.zst`] } });
});

test('names that cannot be read, and files of other kinds', async () => {
  const home = temporaryHome();
  put(home, 'sessions/2026/11/20/rollout-today.jsonl', '');
  put(home, 'sessions/.DS_Store', '');
  put(home, 'sessions/2026/11/20/notes.txt', '');
  const tree = await walk(home);
  expect(tree).toMatchObject({
    malformedNames: { count: 1, sample: ['sessions/2026/11/20/rollout-today.jsonl'] },
    otherFiles: 2,
  });
  expect(tree.files).toHaveLength(1);
});

test('things in place of a session file or of a day', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'sessions/2026/11'), { recursive: true });
  mkdirSync(join(home, 'sessions/2026/11/20', 'rollout-folder.jsonl'), { recursive: true });
  execFileSync('mkfifo', [join(home, 'sessions/2026/11/20/rollout-fifo.jsonl')]);
  execFileSync('mkfifo', [join(home, 'sessions/2026/11/19')]);
  writeFileSync(join(home, 'sessions/2026/11/18'), '');
  const { wrongTypes, files: found } = await walk(home);
  expect(found).toEqual([]);
  expect(wrongTypes.sample.toSorted()).toEqual([
    'sessions/2026/11/18: file',
    'sessions/2026/11/19: fifo',
    'sessions/2026/11/20/rollout-fifo.jsonl: fifo',
    'sessions/2026/11/20/rollout-folder.jsonl: directory',
  ]);
});

test('links below the folder are told and not followed', async () => {
  const home = temporaryHome();
  put(home, 'aside/rollout-x.jsonl', '');
  mkdirSync(join(home, 'sessions/2026'), { recursive: true });
  symlinkSync(join(home, 'aside'), join(home, 'sessions/2026/11'));
  symlinkSync('..', join(home, 'sessions/2026/up'));
  symlinkSync('/nowhere', join(home, 'sessions/2026/rollout-gone.jsonl'));
  symlinkSync('self', join(home, 'sessions/2026/self'));
  const tree = await walk(home);
  expect(tree.files).toEqual([]);
  expect(tree.links.sample).toEqual([
    'sessions/2026/11 (link to a directory)',
    'sessions/2026/up (link to a directory)',
  ]);
  expect(tree.brokenLinks.sample).toEqual([
    'sessions/2026/rollout-gone.jsonl (link to nothing)',
    'sessions/2026/self (link that leads back to itself)',
  ]);
});

test('the folder as a whole may be a link', async () => {
  const home = temporaryHome();
  put(home, rolloutPlace().replace('sessions', 'elsewhere'), '');
  symlinkSync('elsewhere', join(home, 'sessions'));
  expect((await walk(home)).files).toHaveLength(1);
});

test.each([
  ['missing', () => undefined, { kind: 'missing' }],
  ['a file', (path: string) => writeFileSync(path, ''), { kind: 'wrong_type', type: 'file' }],
  ['a FIFO', (path: string) => execFileSync('mkfifo', [path]), { kind: 'wrong_type', type: 'fifo' }],
  ['a device', (path: string) => symlinkSync('/dev/zero', path), { kind: 'wrong_type', type: 'device' }],
  ['dangling', (path: string) => symlinkSync('/nowhere', path), { kind: 'dangling' }],
  ['looping', (path: string) => symlinkSync('sessions', path), { kind: 'loop' }],
])('the folder itself is %s', async (_, make, state) => {
  const home = temporaryHome();
  make(join(home, 'sessions'));
  expect(await walk(home)).toMatchObject({ state, files: [], complete: true });
});

test('what may not be looked at is named', async () => {
  const home = temporaryHome();
  const place = rolloutPlace();
  put(home, place, '');
  put(home, rolloutPlace({ day: '2026-11-19' }), '');
  const denied = { kind: 'denied', code: 'EACCES' } as const;
  const seam: Files = {
    ...files,
    list: (path, limits) => (path.endsWith('/19') ? denied : files.list(path, limits)),
    look: (path) => (path.endsWith('.jsonl') ? denied : files.look(path)),
  };
  const tree = await walk(home, { seam });
  expect(tree.files).toEqual([]);
  expect(tree.unreadable).toEqual({
    count: 2,
    sample: [`${place}: permission denied (EACCES)`, 'sessions/2026/11/19: permission denied (EACCES)'],
  });
});

test('what disappears during the walk is no fault', async () => {
  const home = temporaryHome();
  const place = rolloutPlace();
  put(home, place, '');
  const seam: Files = {
    ...files,
    look: (path) => {
      if (path.endsWith('.jsonl')) rmSync(path, { force: true });
      return files.look(path);
    },
  };
  expect(await walk(home, { seam })).toMatchObject({ files: [], unreadable: { count: 0 } });
});

test('folders nested without end are left where they become absurd', async () => {
  const home = temporaryHome();
  put(home, `sessions/${'deep/'.repeat(20)}rollout-x.jsonl`, '');
  const tree = await walk(home);
  expect(tree.files).toEqual([]);
  expect(tree.unreadable.sample[0]).toMatch(/nested too deeply$/);
});

test('tens of thousands of files are all counted, and others get their turn meanwhile', async () => {
  const home = temporaryHome();
  const count = 20_000;
  const folder = join(home, 'sessions/2026/11/20');
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < count; number += 1)
    writeFileSync(join(folder, `rollout-2026-11-20T07-41-40-${threadId(number)}.jsonl`), '');
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  const tree = await walk(home);
  clearInterval(counting);
  expect(tree.files).toHaveLength(count);
  expect(tree.complete).toBe(true);
  expect(turns).toBeGreaterThanOrEqual(3);
});

test('it stops when told to and says so', async () => {
  const home = temporaryHome();
  put(home, rolloutPlace(), '');
  expect(await walk(home, { signal: AbortSignal.abort() })).toMatchObject({ files: [], complete: false });
});
