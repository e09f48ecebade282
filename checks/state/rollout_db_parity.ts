import { setTimeout } from 'node:timers/promises';
import { conclude, defineCheck, idle, skip, warn } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import { formatNumber } from '../../src/host/units.ts';
import { expectationOf } from '../../src/store/rollouts/expectation.ts';
import { agreement, compare } from '../../src/store/rollouts/parity.ts';
import type { Parity } from '../../src/store/rollouts/parity.ts';
import { createThreadRows } from '../../src/store/rollouts/thread-rows.ts';
import { readDatabase } from '../../src/store/sqlite/read.ts';
import type { ThreadGroup } from '../../src/store/sqlite/tasks/threads.ts';
import { findRollouts } from '../../src/target/rollouts.ts';
import type { RolloutInventory } from '../../src/target/rollouts.ts';
import { parityIssues } from './rollout_db_parity/issues.ts';

/** Reading a large index goes through a child process and may copy the database first. */
const READ_MS = 15_000;
/**
 * The agent creates a session's file some 20 ms before its row, and moves files before it changes rows. A difference is
 * believed when it still stands after this time.
 */
const SETTLE_MS = 300;

type Index =
  | {
      readonly kind: 'indexed';
      readonly rows: number;
      readonly archivedRows: number;
      readonly backfill: string | undefined;
      readonly sources: readonly ThreadGroup[];
      readonly modelProviders: readonly ThreadGroup[];
      readonly parity: Parity;
    }
  | { readonly kind: 'missing' | 'unreadable' | 'absent' };

export default defineCheck({
  id: 'state.rollout_db_parity',
  section: 'Environment',
  category: 'threads',
  title: 'The thread index agrees with the session files',
  budgetMs: 40_000,
  async probe(context) {
    const { target, signal } = context;
    let inventory = await target.rollouts(signal);
    const { databases, home: sqliteHome } = target.databases();
    const database = databases.find(({ profile }) => profile?.label === 'state DB');
    let index = await readIndex(context, inventory, database?.path);
    if (index.kind === 'indexed' && differs(index.parity) && !signal.aborted) {
      await setTimeout(SETTLE_MS, undefined, { signal }).catch(() => undefined);
      inventory = await findRollouts(context.files, target.home.path, signal);
      index = await readIndex(context, inventory, database?.path);
    }
    const { active, archived } = inventory;
    return {
      agent: target.home.profile.name,
      command: target.home.profile.command,
      home: target.home.path,
      database: database?.path ?? '',
      databaseFolder: sqliteHome.look,
      hasFolders: [active, archived].every(({ state }) => state.kind === 'read' || state.kind === 'missing'),
      active: active.files.length,
      archived: archived.files.length,
      malformedNames: active.malformedNames.count + archived.malformedNames.count,
      twins: active.twins.count + archived.twins.count,
      index,
    };
  },
  judge(seen) {
    const { active, archived, index, agent, database } = seen;
    const files = active + archived;
    const details = {
      'rollout DB active files': active,
      'rollout DB archived files': archived,
      'rollout DB malformed file names': seen.malformedNames,
      'rollout DB compressed twins': seen.twins || undefined,
    };
    if (!seen.hasFolders)
      return skip({ because: 'state.paths', summary: 'the session folders cannot be listed', details });
    switch (index.kind) {
      case 'unreadable':
        return skip({ because: 'state.integrity', summary: 'the thread index cannot be read', details });
      case 'absent':
        return skip({ because: 'state.schema', summary: 'the state DB holds no thread index', details });
      case 'missing': {
        if (files === 0) return idle({ summary: 'no sessions and no thread index yet', details });
        const { databaseFolder } = seen;
        if (databaseFolder.kind !== 'found' || databaseFolder.type !== 'directory')
          return skip({
            because: databaseFolder.kind === 'missing' ? 'state.paths' : 'state.integrity',
            summary: 'the folder of the state DB is not there',
            details,
          });
        return conclude({
          summary: '',
          details,
          issues: [
            warn({
              class: 'missing',
              cause: `The state DB ${database} is missing although there are ${formatNumber(files)} session files`,
              measured: 'no state DB',
              expected: 'a thread index for the session files',
              remedy: `Start ${agent} once: it builds the index anew from the session files. Titles, pins and sections that only the index held are lost.`,
              fields: ['rollout DB active files', 'rollout DB archived files'],
            }),
          ],
        });
      }
      case 'indexed':
    }
    const { parity, rows, archivedRows, backfill } = index;
    return conclude({
      summary: `${formatNumber(parity.threads)} threads, index and session files agree`,
      details: {
        ...details,
        'rollout DB rows': rows,
        'rollout DB active rows': rows - archivedRows,
        'rollout DB archived rows': archivedRows,
        'rollout DB threads': parity.threads,
        'rollout DB backfill': backfill,
        'rollout DB missing rows': parity.unindexed.count,
        'rollout DB stale rows': parity.vanished.count,
        'rollout DB rows of another place': parity.elsewhere.reduce((sum, { rows: some }) => sum + some, 0),
        'rollout DB archive mismatches': parity.archiveMismatches.count,
        'rollout DB duplicate rollout thread ids': parity.duplicateThreads.count,
        'rollout DB duplicate DB paths': parity.duplicatePaths.count,
        'rollout DB continued files': parity.segments || undefined,
        'rollout DB rows of other homes': parity.foreignRows || undefined,
        'rollout DB sources': listed(index.sources),
        'rollout DB model providers': listed(index.modelProviders),
      },
      issues: parityIssues({ ...seen, parity, rows, backfill }),
    });
  },
});

async function readIndex(
  context: CheckContext,
  { active, archived }: RolloutInventory,
  path: string | undefined,
): Promise<Index> {
  const { files, signal, target } = context;
  if (path === undefined) return { kind: 'missing' };
  context.waitingFor('the thread index');
  const { path: home } = target.home;
  const homes = [home, files.realpath(home) ?? home];
  const read = await readDatabase(
    path,
    { task: 'threads', input: { expected: expectationOf(active.files, archived.files, homes) } },
    { files, signal, timeoutMs: READ_MS },
  );
  if (read.kind === 'missing') return { kind: 'missing' };
  if (read.kind !== 'read') return { kind: 'unreadable' };
  if (read.value.kind === 'absent') return { kind: 'absent' };
  const { rows, count, archivedCount, backfill, sources, modelProviders } = read.value;
  const parity = rows
    ? await compare({
        files,
        home,
        active: active.files,
        archived: archived.files,
        rows: createThreadRows(rows),
        signal,
      })
    : agreement(count);
  return {
    kind: 'indexed',
    rows: count,
    archivedRows: archivedCount,
    backfill,
    sources,
    modelProviders,
    parity,
  };
}

const differs = (parity: Parity): boolean =>
  [
    parity.unindexed,
    parity.vanished,
    parity.archiveMismatches,
    parity.misplaced,
    parity.duplicateThreads,
  ].some(({ count }) => count > 0);

const listed = (groups: readonly ThreadGroup[]): readonly string[] | undefined =>
  groups.length === 0 ? undefined : groups.map(({ name, count }) => `${name}=${count}`);
