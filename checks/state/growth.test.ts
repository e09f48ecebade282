import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../fixtures/context.ts';
import { anotherProcess, makeDatabase, overwrite, snapshotOf } from '../../fixtures/databases.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { put, rolloutPlace } from '../../fixtures/rollouts.ts';
import growth from './growth.ts';
import {
  LARGE_FREE_BYTES,
  LARGE_LOG_BYTES,
  LARGE_SCRATCH_BYTES,
  LARGE_TEXT_BYTES,
  LARGE_WAL_BYTES,
} from './growth/issues.ts';
import type { SizedDatabase } from './growth/issues.ts';

type Evidence = Parameters<typeof growth.judge>[0];

const NOTHING = { files: 0, bytes: 0, truncated: false };
const DATABASE: SizedDatabase = {
  label: 'log DB',
  path: '/home/ada/.codex/logs_2.sqlite',
  bytes: 50_000,
  walBytes: 0,
  isWriteAhead: true,
  writerVersion: '3.54.1',
  freeBytes: undefined,
  isAffected: false,
  processes: 0,
};
const HEALTHY: Evidence = {
  agent: 'Codex',
  command: 'codex',
  sqliteVariable: 'CODEX_SQLITE_HOME',
  home: '/home/ada/.codex',
  exists: true,
  databases: [DATABASE],
  fileSystem: { type: 'ext4', mountPoint: '/', readOnly: false, shared: false },
  sqliteHome: '/home/ada/.codex',
  rolloutBytes: 1_000,
  logFolder: '/home/ada/.codex/log',
  logs: NOTHING,
  historyBytes: undefined,
  scratch: [{ name: 'tmp', ...NOTHING }],
  backups: NOTHING,
};
const NFS = { type: 'nfs4', mountPoint: '/home', readOnly: false, shared: true };

const withDatabase = (change: Partial<SizedDatabase>): Partial<Evidence> => ({
  databases: [{ ...DATABASE, ...change }],
});

test.each<[string, Partial<Evidence>, string | undefined]>([
  ['healthy', {}, undefined],
  ['a WAL below the limit', withDatabase({ walBytes: LARGE_WAL_BYTES - 1 }), undefined],
  ['a WAL at the limit', withDatabase({ walBytes: LARGE_WAL_BYTES }), 'stale'],
  ['log records below the limit', withDatabase({ bytes: LARGE_LOG_BYTES - 1 }), undefined],
  ['log records at the limit', withDatabase({ bytes: LARGE_LOG_BYTES }), 'stale'],
  [
    'a large log DB with little in it',
    withDatabase({ bytes: LARGE_LOG_BYTES, freeBytes: 1_000_000 }),
    undefined,
  ],
  ['another DB of that size', withDatabase({ label: 'state DB', bytes: LARGE_LOG_BYTES }), undefined],
  [
    'mostly empty',
    withDatabase({ label: 'state DB', bytes: 2 * LARGE_FREE_BYTES, freeBytes: LARGE_FREE_BYTES }),
    'stale',
  ],
  [
    'empty in part',
    withDatabase({ label: 'state DB', bytes: 3 * LARGE_FREE_BYTES, freeBytes: LARGE_FREE_BYTES }),
    undefined,
  ],
  ['an affected SQLite, alone', withDatabase({ isAffected: true, processes: 1 }), undefined],
  ['an affected SQLite, shared', withDatabase({ isAffected: true, processes: 2 }), 'stale'],
  ['a network disk', { fileSystem: NFS }, 'mismatch'],
  [
    'a rollback journal on a network disk',
    { fileSystem: NFS, ...withDatabase({ isWriteAhead: false }) },
    undefined,
  ],
  ['an unknown disk', { fileSystem: undefined }, undefined],
  ['text logs at the limit', { logs: { ...NOTHING, bytes: LARGE_TEXT_BYTES } }, 'stale'],
  ['a prompt history at the limit', { historyBytes: LARGE_TEXT_BYTES }, 'stale'],
  ['a prompt history below it', { historyBytes: LARGE_TEXT_BYTES - 1 }, undefined],
  ['leftovers at the limit', { scratch: [{ name: 'tmp', ...NOTHING, bytes: LARGE_SCRATCH_BYTES }] }, 'stale'],
])('%s', (_, change, failureClass) => {
  const verdict = growth.judge({ ...HEALTHY, ...change });
  expect(verdict.issues.map(({ severity, failure }) => [severity, failure?.class])).toEqual(
    failureClass === undefined ? [] : [['warning', failureClass]],
  );
  for (const field of verdict.issues.flatMap(({ fields }) => fields))
    expect(Object.keys(verdict.details)).toContain(field);
});

test('a home that does not exist is idle', () => {
  expect(growth.judge({ ...HEALTHY, exists: false })).toMatchObject({ kind: 'idle' });
});

test('databases that were put aside are a note', () => {
  const { notes, issues } = growth.judge({
    ...HEALTHY,
    backups: { files: 2, bytes: 5_000, truncated: false },
  });
  expect(issues).toEqual([]);
  expect(notes).toMatchObject([{ kind: 'warning', text: expect.stringContaining('db-backups') }]);
});

test('what stands in a home is measured', async () => {
  const home = temporaryHome({ 'log/codex-tui.log': 'abc', 'tmp/x/y': 'de', 'history.jsonl': 'fghi' });
  makeDatabase(join(home, 'state_5.sqlite'));
  put(home, rolloutPlace(), 'session');
  const { details, issues } = growth.judge(await growth.probe(testContext({ home })));
  expect(issues).toEqual([]);
  expect(details).toMatchObject({
    'session file bytes': 7,
    'log folder bytes': 3,
    'history bytes': 4,
    'tmp bytes': 2,
    'state DB WAL bytes': 0,
    'state DB SQLite': expect.stringMatching(/^3\.\d+\.\d+$/),
  });
});

test('a large write-ahead log is named, and costs no more than a look', async () => {
  const home = temporaryHome();
  makeDatabase(join(home, 'state_5.sqlite'));
  put(home, 'state_5.sqlite-wal', '');
  truncateSync(join(home, 'state_5.sqlite-wal'), 3 * LARGE_WAL_BYTES);
  const { issues } = growth.judge(await growth.probe(testContext({ home })));
  expect(issues).toMatchObject([
    { failure: { class: 'stale' }, measured: expect.stringContaining('state_5.sqlite-wal') },
  ]);
});

test('a configured log folder is the one that is measured', async () => {
  const home = temporaryHome({ 'elsewhere/codex-tui.log': 'abcde' });
  const overrides = { set: [`log_dir=${JSON.stringify(join(home, 'elsewhere'))}`], enable: [], disable: [] };
  const seen = await growth.probe(testContext({ home, overrides }));
  expect(seen.logs.bytes).toBe(5);
});

test.runIf(process.platform === 'linux')(
  'processes that share a database are counted while they have it open',
  async () => {
    const home = temporaryHome();
    const path = join(home, 'state_5.sqlite');
    makeDatabase(path);
    const version = Buffer.alloc(4);
    version.writeUInt32BE(3_046_000);
    overwrite(path, 96, version);
    for (let number = 0; number < 2; number += 1)
      await anotherProcess(path, "database.pragma('user_version')");
    const { issues } = growth.judge(await growth.probe(testContext({ home })));
    expect(issues).toMatchObject([{ failure: { class: 'stale' }, measured: 'SQLite 3.46.0, 2 processes' }]);
  },
);

test('the home is left as it was', async () => {
  const home = temporaryHome({ 'tmp/x': 'y' });
  makeDatabase(join(home, 'logs_2.sqlite'));
  const before = snapshotOf(home);
  await growth.probe(testContext({ home }));
  expect(snapshotOf(home)).toEqual(before);
});
