import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { makeDatabase, snapshotOf } from '../../fixtures/databases.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { put, putIndex, rolloutPlace, session, threadId } from '../../fixtures/rollouts.ts';
import type { IndexRow } from '../../fixtures/rollouts.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import type { Parity } from '../../src/store/rollouts/parity.ts';
import parity from './rollout_db_parity.ts';

const [A, B] = [threadId(1), threadId(2)];

async function verdictOn(home: string, context: CheckContext = testContext({ home })) {
  const verdict = parity.judge(await parity.probe(context));
  return {
    ...verdict,
    issues: verdict.issues.map(({ severity, failure, measured }) => ({
      severity,
      class: failure?.class,
      measured,
    })),
  };
}

/** Two sound threads with their rows, one of them archived. */
function healthyHome(): { home: string; rows: IndexRow[] } {
  const home = temporaryHome();
  const rows = [
    { id: A, archived: false },
    { id: B, archived: true },
  ].map((one) => ({ ...one, path: put(home, rolloutPlace(one), session(one.id)) }));
  return { home, rows };
}

test('index and files agree', async () => {
  const { home, rows } = healthyHome();
  putIndex(home, rows);
  expect(await verdictOn(home)).toMatchObject({
    kind: 'judged',
    issues: [],
    summary: '2 threads, index and session files agree',
    details: {
      'rollout DB active files': 1,
      'rollout DB archived files': 1,
      'rollout DB rows': 2,
      'rollout DB active rows': 1,
      'rollout DB archived rows': 1,
      'rollout DB backfill': 'complete',
      'rollout DB sources': ['cli=2'],
      'rollout DB model providers': ['openai=2'],
    },
  });
});

test('a home without sessions and without an index is idle', async () => {
  expect(await verdictOn(temporaryHome())).toMatchObject({ kind: 'idle', issues: [] });
});

test('sessions without a state DB', async () => {
  const { home } = healthyHome();
  expect((await verdictOn(home)).issues).toMatchObject([{ severity: 'warning', class: 'missing' }]);
});

test('an index without the sessions that it names', async () => {
  const { home, rows } = healthyHome();
  putIndex(home, rows);
  rmSync(join(home, 'sessions'), { recursive: true });
  expect((await verdictOn(home)).issues).toEqual([
    { severity: 'warning', class: 'stale', measured: rolloutPlace({ id: A }) },
  ]);
});

test('a row that was lost', async () => {
  const { home, rows } = healthyHome();
  putIndex(home, rows.slice(1));
  expect((await verdictOn(home)).issues).toEqual([
    { severity: 'warning', class: 'missing', measured: rolloutPlace({ id: A }) },
  ]);
});

test.each(['pending', 'running'])(
  'while the index is filled for the first time (%s) rows are still to come',
  async (backfill) => {
    const { home, rows } = healthyHome();
    putIndex(home, rows.slice(1), backfill);
    expect(await verdictOn(home)).toMatchObject({ kind: 'judged', issues: [] });
  },
);

test('a moved home is said once', async () => {
  const { home, rows } = healthyHome();
  putIndex(
    home,
    rows.map((row) => ({ ...row, path: row.path.replace(home, '/old/home') })),
  );
  expect((await verdictOn(home)).issues).toEqual([
    { severity: 'warning', class: 'stale', measured: '/old/home' },
  ]);
});

test('a row that appears while we wait was being written', async () => {
  const { home, rows } = healthyHome();
  putIndex(home, rows.slice(1));
  const context = testContext({ home });
  let reads = 0;
  const verdict = await verdictOn(home, {
    ...context,
    waitingFor: () => {
      if ((reads += 1) < 2) return;
      rmSync(join(home, 'state_5.sqlite'));
      putIndex(home, rows);
    },
  });
  expect(verdict).toMatchObject({ kind: 'judged', issues: [] });
});

test.each<[string, (home: string) => void, string]>([
  ['is garbage', (home) => writeFileSync(join(home, 'state_5.sqlite'), 'x'.repeat(9_000)), 'state.integrity'],
  ['is empty', (home) => writeFileSync(join(home, 'state_5.sqlite'), ''), 'state.integrity'],
  ['holds other tables', (home) => makeDatabase(join(home, 'state_5.sqlite')), 'state.schema'],
])('a state DB that %s is left to the check that reports it', async (_, make, because) => {
  const { home } = healthyHome();
  make(home);
  expect(await verdictOn(home)).toMatchObject({ kind: 'skipped', skippedBecause: because });
});

test('a session folder that is none is left to the check that reports it', async () => {
  const home = temporaryHome();
  writeFileSync(join(home, 'sessions'), '');
  putIndex(home, []);
  expect(await verdictOn(home)).toMatchObject({ kind: 'skipped', skippedBecause: 'state.paths' });
});

test.each([
  ['/nowhere/databases', 'state.paths'],
  ['/dev/null', 'state.integrity'],
])(
  'a folder of databases (%s) that is none is left to the check that reports it',
  async (folder, because) => {
    const { home } = healthyHome();
    const context = testContext({ home, env: { CODEX_SQLITE_HOME: folder } });
    expect(await verdictOn(home, context)).toMatchObject({ kind: 'skipped', skippedBecause: because });
  },
);

const one = { count: 1, sample: ['place'] };

test.each<[Partial<Parity>, string]>([
  [{ unindexed: one }, 'missing'],
  [{ vanished: one }, 'stale'],
  [{ archiveMismatches: one }, 'mismatch'],
  [{ misplaced: one }, 'mismatch'],
  [{ elsewhere: [{ home: '/copied', rows: 1, stands: true }] }, 'stale'],
  [{ duplicateThreads: one }, 'duplicate'],
  [{ duplicatePaths: one }, 'duplicate'],
  [{ anonymous: one }, 'malformed'],
])('%j', async (difference, failureClass) => {
  const { home, rows } = healthyHome();
  putIndex(home, rows);
  const seen = await parity.probe(testContext({ home }));
  if (seen.index.kind !== 'indexed') throw new Error('an index was expected');
  const { issues } = parity.judge({
    ...seen,
    index: { ...seen.index, parity: { ...seen.index.parity, ...difference } },
  });
  expect(issues).toMatchObject([{ severity: 'warning', failure: { class: failureClass } }]);
  expect(issues[0]?.remedy).not.toBe('');
  expect(parity.judge(seen).details).toHaveProperty([issues[0]?.fields[0] ?? 'no field']);
});

test('the home is left as it was', async () => {
  const { home, rows } = healthyHome();
  putIndex(home, rows.slice(1));
  const before = snapshotOf(home);
  await verdictOn(home);
  expect(snapshotOf(home)).toEqual(before);
});
