import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { put, rolloutPlace, session, threadId } from '../../../fixtures/rollouts.ts';
import { files } from '../../host/files.ts';
import type { Files } from '../../host/files.ts';
import { createRolloutList } from './files.ts';
import { compare } from './parity.ts';
import type { Parity } from './parity.ts';
import { createThreadRows } from './thread-rows.ts';
import { walkRollouts } from './walk.ts';

const [A, B, C] = [threadId(1), threadId(2), threadId(3)];
const never = new AbortController().signal;

interface Row {
  readonly id: string;
  readonly path: string;
  readonly archived?: boolean;
}

/** Everything that differs: tallies by count, and what else is not empty. */
async function differences(home: string, rows: readonly Row[], seam: Files = files) {
  const active = await walkRollouts(files, home, 'sessions', never);
  const archived = await walkRollouts(files, home, 'archived_sessions', never);
  const index = createThreadRows();
  for (const { id, path, archived: isArchived = false } of rows)
    index.add({ id, rolloutPath: path, archived: isArchived });
  const parity = await compare({
    files: seam,
    home,
    active: active.files,
    archived: archived.files,
    rows: index,
    signal: never,
  });
  const { threads: _, ...rest } = parity;
  return Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]: [string, Parity[keyof Parity]]) => {
      const told = typeof value === 'object' && 'count' in value ? value.count : value;
      return told === 0 || (Array.isArray(told) && told.length === 0) ? [] : [[name, told]];
    }),
  );
}

/** Puts a session file and gives the row that the agent would write for it. */
function indexed(home: string, id: string, more: Parameters<typeof rolloutPlace>[0] = {}, meta = {}): Row {
  const place = rolloutPlace({ id, ...more });
  put(home, place, session(id, meta));
  return { id, path: join(home, place), archived: more.archived ?? false };
}

const base = (id: string) => ({
  history_mode: 'paginated',
  history_base: { thread_id: id, end_byte_offset: 10 },
});

test('files and rows agree, archived ones and forks too, and no file is opened for it', async () => {
  const home = temporaryHome();
  const rows = [indexed(home, A), indexed(home, B, { archived: true }), indexed(home, C, {}, base(A))];
  const seam: Files = {
    ...files,
    readBytes: () => {
      throw new Error('opened');
    },
  };
  expect(await differences(home, rows, seam)).toEqual({});
});

test('a paginated session that goes on in further files is one thread', async () => {
  const home = temporaryHome();
  indexed(home, A);
  indexed(home, A, { day: '2026-11-21' }, base(A));
  const row = indexed(home, A, { day: '2026-11-22' }, base(A));
  expect(await differences(home, [row])).toEqual({ segments: 2 });
  expect(await differences(home, [])).toEqual({ segments: 2, unindexed: 1 });
});

test('files of one thread that do not continue one another', async () => {
  const home = temporaryHome();
  const row = indexed(home, A);
  indexed(home, A, { time: '00-41-40' });
  expect(await differences(home, [row])).toEqual({ duplicateThreads: 1 });
});

test('a thread with many copies is told in a line', async () => {
  const home = temporaryHome();
  for (let second = 10; second < 60; second += 1) indexed(home, A, { time: `07-41-${second}` });
  const tree = await walkRollouts(files, home, 'sessions', never);
  const { duplicateThreads } = await compare({
    files,
    home,
    active: tree.files,
    archived: createRolloutList(),
    rows: createThreadRows(),
    signal: never,
  });
  expect(duplicateThreads.sample[0]).toMatch(/ and 47 more$/);
});

test('a copy in the archive is a duplicate as well', async () => {
  const home = temporaryHome();
  const row = indexed(home, A);
  indexed(home, A, { archived: true });
  expect(await differences(home, [row])).toEqual({ duplicateThreads: 1 });
});

test('a compressed file is the one that its row names plain, also beside its twin', async () => {
  const home = temporaryHome();
  const row = indexed(home, A);
  put(home, `${rolloutPlace({ id: A })}.zst`, 'twin');
  expect(await differences(home, [row])).toEqual({});
  renameSync(row.path, `${row.path}.zst`);
  expect(await differences(home, [row])).toEqual({});
  expect(await differences(home, [{ ...row, path: `${row.path}.zst` }])).toEqual({});
});

test('a file without a row, and a row without a file', async () => {
  const home = temporaryHome();
  indexed(home, A);
  expect(await differences(home, [{ id: B, path: join(home, rolloutPlace({ id: B })) }])).toEqual({
    unindexed: 1,
    vanished: 1,
  });
});

test('a broken link or something else in place of the file is not absence', async () => {
  const home = temporaryHome();
  mkdirSync(join(home, 'sessions'), { recursive: true });
  const path = join(home, 'sessions/rollout-x.jsonl');
  symlinkSync('/nowhere', path);
  const denied: Files = { ...files, look: () => ({ kind: 'denied', code: 'EACCES' }) };
  expect(await differences(home, [{ id: A, path }])).toEqual({});
  expect(await differences(home, [{ id: A, path: join(home, 'sessions/other.jsonl') }], denied)).toEqual({});
});

test.each([true, false])('the archive flag disagrees with the folder (%s)', async (archived) => {
  const home = temporaryHome();
  const row = indexed(home, A, { archived });
  expect(await differences(home, [{ ...row, archived: !archived }])).toEqual({ archiveMismatches: 1 });
});

test('a file that was moved to the archive by hand', async () => {
  const home = temporaryHome();
  indexed(home, A, { archived: true });
  const row = { id: A, path: join(home, rolloutPlace({ id: A })) };
  expect(await differences(home, [row])).toEqual({ archiveMismatches: 1 });
});

test('a file that was moved to another day', async () => {
  const home = temporaryHome();
  indexed(home, A, { day: '2026-11-21' });
  expect(await differences(home, [{ id: A, path: join(home, rolloutPlace({ id: A })) }])).toEqual({
    misplaced: 1,
  });
});

test.each([
  ['/old/home', '/old/home'],
  [String.raw`C:\Users\ada\.codex`, String.raw`C:\Users\ada\.codex`],
  ['/sessions/of/ada', '/sessions/of/ada'],
])('a moved home (%s) is one finding however many rows it concerns', async (old, told) => {
  const home = temporaryHome();
  const separator = old.includes('\\') ? '\\' : '/';
  const rows = [A, B, C].map((id) => {
    indexed(home, id);
    return { id, path: [old, ...rolloutPlace({ id }).split('/')].join(separator) };
  });
  expect(await differences(home, rows)).toEqual({ elsewhere: [{ home: told, rows: 3, stands: false }] });
});

test('a copied home names the one that it was copied from', async () => {
  const [home, original] = [temporaryHome(), temporaryHome()];
  const row = indexed(original, A);
  indexed(home, A);
  expect(await differences(home, [row])).toEqual({ elsewhere: [{ home: original, rows: 1, stands: true }] });
});

test('rows of another home that shares the database are left alone', async () => {
  const [home, other] = [temporaryHome(), temporaryHome()];
  const rows = [indexed(home, A), indexed(other, B)];
  expect(await differences(home, rows)).toEqual({ foreignRows: 1 });
});

test.each([
  [
    'through a link to the home',
    (home: string, place: string) => {
      const link = `${temporaryHome()}/link`;
      symlinkSync(home, link);
      return `${link}/${place}`;
    },
  ],
  ['relative to the home', (_: string, place: string) => place],
  ['with a dot', (_: string, place: string) => `./${place}`],
])('a path spelled %s is the same path', async (_, spell) => {
  const home = temporaryHome();
  const { id } = indexed(home, A);
  expect(await differences(home, [{ id, path: spell(home, rolloutPlace({ id })) }])).toEqual({});
});

test('ids differ in case only', async () => {
  const home = temporaryHome();
  const row = indexed(home, A);
  expect(await differences(home, [{ ...row, id: A.toUpperCase() }])).toEqual({});
});

test('the id inside a file beats the one in its name', async () => {
  const home = temporaryHome();
  const place = rolloutPlace({ id: A, named: B });
  put(home, place, session(A));
  expect(await differences(home, [{ id: A, path: join(home, place) }])).toEqual({});
});

test('two rows claim one file', async () => {
  const home = temporaryHome();
  const row = indexed(home, A);
  expect(await differences(home, [row, { ...row, id: B }])).toEqual({ duplicatePaths: 1 });
});

test('a file that names no thread anywhere', async () => {
  const home = temporaryHome();
  put(home, 'sessions/2026/11/20/rollout-noname.jsonl', 'noise\n');
  expect(await differences(home, [])).toEqual({ anonymous: 1 });
});

test('rows of a hostile index', async () => {
  const home = temporaryHome();
  const row = indexed(home, A);
  const odd = ['', '/', '..', '../../../etc/passwd', '\0', 'null', '/sessions/', '__proto__'].map(
    (path, index) => ({
      id: `odd ${index}`,
      path,
    }),
  );
  const found = await differences(home, [row, ...odd]);
  expect(Object.keys(found).toSorted()).toEqual(['foreignRows', 'vanished']);
});
