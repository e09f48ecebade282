import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import type { DiskSpace } from '../../src/host/disk.ts';
import check from './disk.ts';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

const space = (availableBytes: number, availableFiles: number | 'uncounted' = 'uncounted'): DiskSpace => ({
  kind: 'measured',
  availableBytes,
  totalBytes: 500 * GIB,
  availableFiles: availableFiles === 'uncounted' ? undefined : availableFiles,
});

type Volume = NonNullable<Parameters<typeof check.judge>[0]['home']>;

function volume(label: string, more: Partial<Volume> = {}): Volume {
  const path = label === 'worktree' ? '/work' : '/home/me/.codex';
  return { label, path, measuredAt: path, device: 1, space: space(100 * GIB), isReadOnly: false, ...more };
}

test.each<[string, DiskSpace, string[]]>([
  ['plenty', space(100 * GIB), []],
  ['exactly the warning threshold', space(5 * GIB), []],
  ['a byte less', space(5 * GIB - 1), ['warning mismatch']],
  ['2 GiB', space(2 * GIB), ['warning mismatch']],
  ['exactly the failure threshold', space(GIB), ['warning mismatch']],
  ['a byte less', space(GIB - 1), ['fail mismatch']],
  ['500 MiB', space(500 * MIB), ['fail mismatch']],
  ['nothing', space(0), ['fail mismatch']],
  ['no inodes', space(100 * GIB, 0), ['fail mismatch']],
  ['few inodes', space(100 * GIB, 999), ['warning mismatch']],
  ['enough inodes', space(100 * GIB, 1000), []],
  ['a file system without a number of inodes', space(100 * GIB, 'uncounted'), []],
  ['neither bytes nor inodes', space(0, 0), ['fail mismatch', 'fail mismatch']],
  ['a file system that does not say', { kind: 'unknown' }, []],
  ['a stale mount', { kind: 'failed', code: 'ESTALE' }, ['warning unreadable']],
])('%s', (_title, seen, expected) => {
  const verdict = check.judge({ home: volume('CODEX_HOME', { space: seen }), worktree: undefined });
  expect(verdict.issues.map(({ severity, failure }) => `${severity} ${failure?.class}`)).toEqual(expected);
});

test('numbers are said in bytes, and as a reader says them', () => {
  const verdict = check.judge({
    home: volume('CODEX_HOME', { space: space(500 * MIB + 1) }),
    worktree: volume('worktree', { device: 2, space: space(2.55 * GIB) }),
  });
  expect(verdict.issues.map(({ measured }) => measured)).toEqual([
    '500 MB free at /home/me/.codex',
    '2.55 GB free at /work',
  ]);
  expect(verdict.details).toEqual({
    'CODEX_HOME available bytes': 500 * MIB + 1,
    'worktree available bytes': 2.55 * GIB,
    'same file system': false,
    'warning threshold bytes': 5 * GIB,
    'failure threshold bytes': GIB,
  });
});

test('one full disk is one fault, and the smaller of two decides the summary', () => {
  const low = { space: space(2 * GIB) };
  const same = check.judge({ home: volume('CODEX_HOME', low), worktree: volume('worktree', low) });
  expect(same.issues).toHaveLength(1);
  expect(same.details['same file system']).toBe(true);
  const two = check.judge({
    home: volume('CODEX_HOME', low),
    worktree: volume('worktree', { ...low, device: 2 }),
  });
  expect(two.issues).toHaveLength(2);
  const fine = check.judge({
    home: volume('CODEX_HOME'),
    worktree: volume('worktree', { device: 2, space: space(7 * GIB) }),
  });
  expect(fine.summary).toBe('7.00 GB free');
});

test('a read-only mount is only said: a home on one is the fault of state.paths', () => {
  const verdict = check.judge({
    home: volume('CODEX_HOME', { isReadOnly: true }),
    worktree: volume('worktree', { isReadOnly: true, device: 2 }),
  });
  expect(verdict.issues).toEqual([]);
  expect(verdict.details).toMatchObject({ 'CODEX_HOME read only': true, 'worktree read only': true });
});

test('a real home is measured, and a missing one at its nearest ancestor', async () => {
  const top = temporaryHome({ 'file-in-the-way': '' });
  for (const home of ['', 'not/yet/there', 'file-in-the-way/home']) {
    const seen = await check.probe(testContext({ home: join(top, home), cwd: top }));
    expect(seen.home).toMatchObject({ label: 'CODEX_HOME', space: { kind: 'measured' }, isReadOnly: false });
    expect(seen.home?.device).toBe(seen.worktree?.device);
    expect(home.startsWith('not') ? seen.home?.measuredAt : top).toBe(top);
  }
});

test('a file system that cannot be asked is evidence, not an exception', async () => {
  const top = temporaryHome();
  const context = testContext({ home: top });
  expect(context.disk.space(join(top, 'absent'))).toEqual({ kind: 'failed', code: 'ENOENT' });
  const seen = await check.probe({
    ...context,
    files: { ...context.files, look: () => ({ kind: 'denied', code: 'EACCES' }) },
  });
  const verdict = check.judge(seen);
  expect(verdict).toMatchObject({ kind: 'judged', issues: [] });
});
