import { join, resolve } from 'node:path';
import { conclude, defineCheck, idle } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import { fileSystemOf } from '../../src/host/file-system.ts';
import { folderSize } from '../../src/host/folder-size.ts';
import { formatBytes } from '../../src/host/units.ts';
import { lookAtDatabase } from '../../src/store/sqlite/layout.ts';
import { readLocks } from '../../src/store/sqlite/lock-holders.ts';
import { readDatabase } from '../../src/store/sqlite/read.ts';
import { hasWriteAheadResetBug } from '../../src/store/sqlite/write-ahead-reset.ts';
import { stringAt } from '../../src/target/config/facts.ts';
import type { InventoriedDatabase } from '../../src/target/databases.ts';
import { growthIssues } from './growth/issues.ts';
import type { SizedDatabase } from './growth/issues.ts';

/** Scratch folders hold clones of repositories; beyond this many entries a rough size is enough. */
const MAX_ENTRIES = 5_000;
/** Below this a database is small however much of it is empty, so it is not opened to find out. */
const OPENED_FROM_BYTES = 64 * 1024 * 1024;
const READ_MS = 5_000;
/** Every process that has a WAL database open holds this byte of its index file (SQLite's "dead man switch"). */
const OPEN_LOCK_BYTE = 128;
const SCRATCH = ['tmp', '.tmp', 'shell_snapshots'];

export default defineCheck({
  id: 'state.growth',
  section: 'Environment',
  category: 'growth',
  title: 'Databases, logs and leftovers stay within bounds, on a disk that suits them',
  budgetMs: 30_000,
  async probe(context) {
    const { target, files, signal } = context;
    const { path: home, profile } = target.home;
    const { databases, home: sqliteHome } = target.databases();
    const logFolder = resolve(home, stringAt(target.config().effective, 'log_dir') ?? 'log');
    const sized: SizedDatabase[] = [];
    for (const database of databases) {
      const found = await sizeOf(context, database);
      if (found) sized.push(found);
    }
    const { active, archived } = await target.rollouts(signal);
    const history = files.look(join(home, 'history.jsonl'));
    const measure = (folder: string) => folderSize(files, folder, MAX_ENTRIES);
    return {
      agent: profile.name,
      command: profile.command,
      sqliteVariable: profile.sqliteHomeVariable,
      home,
      exists: files.look(home).kind === 'found',
      databases: sized,
      fileSystem: fileSystemOf(files, sqliteHome.path),
      sqliteHome: sqliteHome.path,
      rolloutBytes: active.bytes + archived.bytes,
      logFolder,
      logs: measure(logFolder),
      historyBytes: history.kind === 'found' && history.type === 'file' ? history.size : undefined,
      scratch: SCRATCH.map((name) => ({ name, ...measure(join(home, name)) })),
      backups: measure(join(home, 'db-backups')),
    };
  },
  judge(seen) {
    const { databases, fileSystem, backups, home } = seen;
    if (!seen.exists) return idle({ summary: `nothing has grown yet: ${home} does not exist` });
    const total = databases.reduce((sum, { bytes, walBytes }) => sum + bytes + walBytes, 0);
    return conclude({
      summary: `databases ${formatBytes(total)}, session files ${formatBytes(seen.rolloutBytes)}`,
      details: {
        'database bytes': total,
        ...Object.fromEntries(
          databases.flatMap(({ label, bytes, walBytes, freeBytes, writerVersion }) => [
            [`${label} bytes`, bytes],
            [`${label} WAL bytes`, walBytes],
            [`${label} free bytes`, freeBytes],
            [`${label} SQLite`, writerVersion],
          ]),
        ),
        'session file bytes': seen.rolloutBytes,
        'log folder bytes': seen.logs.bytes,
        'history bytes': seen.historyBytes,
        ...Object.fromEntries(seen.scratch.map(({ name, bytes }) => [`${name} bytes`, bytes])),
        'database backups': backups.files || undefined,
        'database backup bytes': backups.bytes || undefined,
        'sqlite home file system': fileSystem?.type,
      },
      issues: growthIssues(seen),
      notes:
        backups.files > 0
          ? [
              {
                kind: 'warning',
                text: `${seen.agent} has put damaged databases aside before: see ${join(home, 'db-backups')} (${formatBytes(backups.bytes)})`,
              },
            ]
          : [],
    });
  },
});

async function sizeOf(
  { files, signal }: CheckContext,
  { label, path }: InventoriedDatabase,
): Promise<SizedDatabase | undefined> {
  const layout = lookAtDatabase(path, files);
  // What is no database is another check's finding.
  if (layout.kind !== 'standing' || layout.header.kind !== 'header') return undefined;
  const { header, main, wal, sharedMemory } = layout;
  const sizes =
    main.size >= OPENED_FROM_BYTES
      ? await readDatabase(path, { task: 'sizes', input: {} }, { files, signal, timeoutMs: READ_MS })
      : undefined;
  const isAffected =
    header.isWriteAhead && header.writerVersion !== undefined && hasWriteAheadResetBug(header.writerVersion);
  return {
    label,
    path,
    bytes: main.size,
    walBytes: wal?.size ?? 0,
    isWriteAhead: header.isWriteAhead,
    writerVersion: header.writerVersion,
    freeBytes: sizes?.kind === 'read' ? sizes.value.freePageCount * sizes.value.pageSizeBytes : undefined,
    isAffected,
    processes: isAffected && sharedMemory ? await processesOn(sharedMemory) : 0,
  };
}

/** How many processes have the database open; 0 where the system does not tell. */
async function processesOn(sharedMemory: {
  readonly inode: number;
  readonly device: number;
}): Promise<number> {
  const locks = await readLocks();
  return new Set(
    locks
      .filter(
        ({ inode, start, end }) =>
          inode === sharedMemory.inode && start <= OPEN_LOCK_BYTE && end >= OPEN_LOCK_BYTE,
      )
      .map(({ pid }) => pid),
  ).size;
}
