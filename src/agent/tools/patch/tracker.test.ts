import { describe, expect, test } from 'vitest';
import { turnId } from '../../protocol/ids.ts';
import type { PlannedChange } from './plan.ts';
import { createDiffTracker, createTurnDiffs } from './tracker.ts';

const change = (path: string, before?: string, after?: string, movedTo?: string): PlannedChange => ({
  label: 'M',
  shown: path,
  path,
  before,
  after,
  operations: [],
  ...(movedTo === undefined ? {} : { movedTo }),
});

const NONE = undefined;

const numbered = (prefix: string): string =>
  Array.from({ length: 20_000 }, (_, index) => `${prefix}${index}\n`).join('');

const diffOf = (...changes: PlannedChange[]): Promise<string> => {
  const tracker = createDiffTracker({ cwd: '/work' });
  for (const each of changes) tracker.record([each]);
  return tracker.unifiedDiff();
};

describe('the difference of a turn', () => {
  test.each([
    ['nothing was done', []],
    ['an edit was undone', [change('/work/a', '1\n', '2\n'), change('/work/a', '2\n', '1\n')]],
    ['a new file is gone again', [change('/work/a', NONE, '1\n'), change('/work/a', '1\n', NONE)]],
    [
      'a file moved there and back',
      [change('/work/a', '1\n', '1\n', '/work/b'), change('/work/b', '1\n', '1\n', '/work/a')],
    ],
  ])('is empty when %s', async (_case, changes) => {
    expect(await diffOf(...changes)).toBe('');
  });

  test('runs from before the first change to behind the last', async () => {
    expect(await diffOf(change('/work/x/a', '1\n', '2\n'), change('/work/x/a', '2\n', '3\n'))).toBe(
      'diff --git a/x/a b/x/a\n--- a/x/a\n+++ b/x/a\n@@ -1,1 +1,1 @@\n-1\n+3\n',
    );
  });

  test('a deleted file, outside of the working directory', async () => {
    expect(await diffOf(change('/etc/a', '1\n', NONE))).toBe(
      'diff --git a/etc/a b/etc/a\ndeleted file mode 100644\n--- a/etc/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-1\n',
    );
  });

  test('a file that moved twice comes from where it was first', async () => {
    const moved = await diffOf(
      change('/work/a', '1\n2\n', '1\n3\n', '/work/b'),
      change('/work/b', '1\n3\n', '1\n3\n', '/work/c'),
    );
    expect(moved).toBe(
      'diff --git a/a b/c\nrename from a\nrename to c\n--- a/a\n+++ b/c\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n',
    );
  });

  test('a new file that moved is new where it is', async () => {
    const moved = await diffOf(change('/work/a', NONE, '1\n'), change('/work/a', '1\n', '1\n', '/work/b'));
    expect(moved).toContain('diff --git a/b b/b\nnew file mode 100644\n--- /dev/null\n+++ b/b\n');
    expect(moved).not.toContain('a/a');
  });

  test('long texts without anything in common are told at once', async () => {
    const diff = await diffOf(change('/work/a', numbered('a'), `${numbered('b')}end`));
    expect(diff).toContain('@@ -1,20000 +1,20001 @@\n-a0\n');
    expect(diff.trimEnd().endsWith('+end\n\\ No newline at end of file')).toBe(true);
  });
});

test('a turn has one tracker, and the next turn another', () => {
  const diffs = createTurnDiffs();
  const first = diffs({ turnId: turnId('1'), cwd: '/' });
  expect(diffs({ turnId: turnId('1'), cwd: '/' })).toBe(first);
  expect(diffs({ turnId: turnId('2'), cwd: '/' })).not.toBe(first);
});
