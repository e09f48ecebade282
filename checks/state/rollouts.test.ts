import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { snapshotOf } from '../../fixtures/databases.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { RECORD, put, rolloutPlace, session, threadId } from '../../fixtures/rollouts.ts';
import { CONTENT_FAULTS } from '../../src/store/rollouts/examine.ts';
import rollouts from './rollouts.ts';

const ID = threadId(1);

const seenIn = (home: string, options: { deep?: boolean } = {}) =>
  rollouts.probe(testContext({ home, ...options }));

async function verdictOn(home: string, options: { deep?: boolean } = {}) {
  const verdict = rollouts.judge(await seenIn(home, options));
  return {
    ...verdict,
    issues: verdict.issues.map(({ severity, failure, measured }) => ({
      severity,
      class: failure?.class,
      measured,
    })),
  };
}

function homeWith(content: string | Uint8Array = session(ID)): string {
  const home = temporaryHome();
  put(home, rolloutPlace(), content);
  return home;
}

test('a home without sessions is idle', async () => {
  expect(await verdictOn(temporaryHome())).toMatchObject({ kind: 'idle', issues: [] });
});

test('sound sessions, active and archived', async () => {
  const home = homeWith();
  put(home, rolloutPlace({ id: threadId(2), archived: true }), session(threadId(2)));
  expect(await verdictOn(home)).toMatchObject({
    kind: 'judged',
    summary: '2 session files sound',
    issues: [],
    details: { 'session files': 2, 'files examined': 2, 'files read completely': 2 },
  });
});

test('a damaged line is named with its file and number', async () => {
  expect((await verdictOn(homeWith(`${session(ID)}oops\n${RECORD}`))).issues).toEqual([
    { severity: 'warning', class: 'malformed', measured: `${rolloutPlace()} line 3` },
  ]);
});

test.each<[string, (path: string, home: string) => void, string]>([
  ['a FIFO', (path) => execFileSync('mkfifo', [path]), 'wrong_type'],
  ['a folder', (path) => execFileSync('mkdir', [path]), 'wrong_type'],
  ['a link to a device', (path) => symlinkSync('/dev/zero', path), 'wrong_type'],
  ['a link to a sound file', (path, home) => symlinkSync(join(home, rolloutPlace()), path), 'wrong_type'],
  ['a link to nothing', (path) => symlinkSync('/nowhere', path), 'missing'],
  ['a link to itself', (path) => symlinkSync(path, path), 'missing'],
])('%s in place of a session file', async (_, make, failureClass) => {
  const home = homeWith();
  const place = rolloutPlace({ id: threadId(2) });
  make(join(home, place), home);
  expect((await verdictOn(home)).issues).toEqual([
    { severity: 'warning', class: failureClass, measured: expect.stringContaining(place) },
  ]);
});

test('damage in the middle of a large file takes a deep run', async () => {
  const large = `${session(ID)}${RECORD.repeat(60_000)}oops\n${RECORD.repeat(60_000)}`;
  const home = homeWith(large);
  expect((await verdictOn(home)).issues).toEqual([]);
  expect((await verdictOn(home, { deep: true })).issues).toMatchObject([
    { class: 'malformed', measured: `${rolloutPlace()} line 60003` },
  ]);
});

test('a session folder that is none is left to the check that reports it', async () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'sessions'), '');
  expect(await verdictOn(home)).toMatchObject({ kind: 'skipped', skippedBecause: 'state.paths' });
});

test.each(CONTENT_FAULTS)('%s is an issue that names the files and a step to take', async (fault) => {
  const seen = await seenIn(homeWith());
  const faults = { ...seen.contents.faults, [fault]: { count: 7, sample: ['a', 'b', 'c', 'd', 'e'] } };
  const [issue, ...more] = rollouts.judge({ ...seen, contents: { ...seen.contents, faults } }).issues;
  expect(more).toEqual([]);
  expect(issue).toMatchObject({ severity: 'warning', measured: 'a; b; c; d; e; and 2 more' });
  expect(issue?.cause).toContain('7 of');
  expect(issue?.remedy).toMatch(/^Codex .*\.$/);
});

test('a folder that cannot be listed is said as such', async () => {
  const seen = await seenIn(homeWith());
  const [active, archived] = seen.folders;
  if (!active || !archived) throw new Error('two folders expected');
  const unreadable = { count: 1, sample: ['sessions/2026/11: permission denied (EACCES)'] };
  const verdict = rollouts.judge({ ...seen, folders: [{ ...active, unreadable }, archived] });
  expect(verdict.issues).toMatchObject([{ severity: 'warning', failure: { class: 'unreadable' } }]);
});

test('a sample of a large home says what it is', async () => {
  const seen = await seenIn(homeWith());
  const verdict = rollouts.judge({ ...seen, contents: { ...seen.contents, files: 1_526, examined: 48 } });
  expect(verdict.summary).toContain('48 of 1,526');
});

test('the home is left as it was', async () => {
  const home = homeWith(`${session(ID)}oops`);
  const before = snapshotOf(home);
  await verdictOn(home, { deep: true });
  expect(snapshotOf(home)).toEqual(before);
});
