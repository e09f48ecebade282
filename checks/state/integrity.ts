import { basename } from 'node:path';
import { conclude, defineCheck, idle, skip } from '../../src/doctor/check.ts';
import { isOutOfReach } from '../../src/target/home.ts';
import type { DetailValue } from '../../src/doctor/report.ts';
import { examineDatabase } from '../../src/store/sqlite/examine.ts';
import type { DatabaseExamination } from '../../src/store/sqlite/examine.ts';
import type { IntegrityInput } from '../../src/store/sqlite/tasks/integrity.ts';
import { readLocks } from '../../src/store/sqlite/lock-holders.ts';
import { folderIssue } from './integrity/folder-issue.ts';
import { isBroken, issueOf } from './integrity/issues.ts';
import type { SeenDatabase } from './integrity/issues.ts';

interface Evidence {
  readonly agent: string;
  readonly sqliteHome: string;
  readonly source: string;
  /** The databases stand in the agent's home itself, which `state.paths` judges. */
  readonly isHome: boolean;
  /** How the folder answered: `read`, or why it could not be listed. */
  readonly listing: string;
  readonly missing: readonly string[];
  readonly databases: readonly SeenDatabase[];
}

/** For all databases together: less than the check's own budget, so that a slow one becomes a row with numbers. */
const TOTAL_MS = 18_000;
/** Even when earlier databases used up the time, a small one is still looked at. */
const LEAST_MS = 500;
/** A small one is checked whole, its indexes against its tables: some 4 ms for each MiB, where `quick` takes 1.5. */
const FULL_UP_TO_BYTES = 4 * 1024 * 1024;

export default defineCheck<Evidence>({
  id: 'state.integrity',
  section: 'Environment',
  category: 'databases',
  title: 'Every database of the agent is whole and can be read',
  budgetMs: 25_000,
  probe: async (context) => {
    const { target, files, clock, signal, options } = context;
    const { home, databases, ...inventory } = target.databases();
    const isListed = inventory.listing === 'read' || inventory.listing === 'truncated';
    // Without the right to enter, every database would be a fault of its own.
    const listing = isListed && isOutOfReach(home.path, files) ? 'denied' : inventory.listing;
    const isFolderWritable = files.writeAccess(home.path) === 'granted';
    const until = clock.elapsed() + TOTAL_MS;
    const locks = readLocks();
    const standing = databases.filter(({ look }) => look.kind !== 'missing' && listing !== 'denied');
    const examinations = new Map<string, DatabaseExamination>();
    const examineInTurn = async (turn: typeof standing, depth: IntegrityInput['depth']): Promise<void> => {
      for (const { label, path } of turn) {
        context.waitingFor(`${label} (${basename(path)})`);
        const timeoutMs = Math.ceil(Math.max(LEAST_MS, until - clock.elapsed()));
        examinations.set(path, await examineDatabase(path, { depth, files, signal, locks, timeoutMs }));
      }
    };
    const isSmall = ({ look }: (typeof standing)[number]): boolean =>
      look.kind === 'found' && look.size <= FULL_UP_TO_BYTES;
    // A large one is read in a process of its own, which works while the small ones are read here.
    await Promise.all([
      examineInTurn(
        standing.filter((database) => !isSmall(database)),
        options.deep ? 'full' : 'quick',
      ),
      examineInTurn(standing.filter(isSmall), 'full'),
    ]);
    const seen = standing.flatMap(({ label, path, profile }): SeenDatabase[] => {
      const examination = examinations.get(path);
      // Where the whole folder cannot be written to, `state.paths` says so.
      const notWritable = isFolderWritable
        ? [path, `${path}-wal`, `${path}-shm`].find((file) => files.writeAccess(file) === 'denied')
        : undefined;
      return examination ? [{ label, path, breaks: profile?.breaks, notWritable, examination }] : [];
    });
    return {
      agent: target.home.profile.name,
      sqliteHome: home.path,
      source: home.source,
      isHome: home.path === target.home.path,
      listing,
      missing: databases.filter(({ look }) => look.kind === 'missing').map(({ label }) => label),
      databases: seen,
    };
  },
  judge: (seen) => {
    const { agent, sqliteHome, source, isHome, listing, missing, databases } = seen;
    const details: Record<string, DetailValue> = { 'sqlite home': sqliteHome, 'sqlite home source': source };
    for (const { label, path, examination, notWritable } of databases) {
      details[label] = path;
      details[`${label} integrity`] = stateOf(examination);
      if (notWritable !== undefined) details[`${label} not writable`] = notWritable;
    }
    if (missing.length > 0) details['missing databases'] = missing;
    const isListed = listing === 'read' || listing === 'truncated';
    // A home that was never made is no fault, and then `state.paths` reports none that this row could lead to.
    const isNew = listing === 'missing' && source === 'default';
    if (!isListed && isHome && !isNew)
      return skip({
        because: 'state.paths',
        summary: 'the home that holds the databases cannot be used',
        details,
      });
    const blocked = folderIssue(seen);
    if (blocked) return conclude({ summary: '', details, issues: [blocked] });
    if (!isListed && databases.length === 0)
      return idle({ summary: `no databases yet: ${sqliteHome} does not exist`, details });
    if (databases.length === 0) return idle({ summary: `${agent} has not made any databases yet`, details });
    return conclude({
      summary: `${databases.length} ${databases.length === 1 ? 'database is' : 'databases are'} whole`,
      details,
      issues: databases.flatMap((database) => issueOf(database, agent) ?? []),
    });
  },
});

/** One word or clause for the details. */
function stateOf({ reading, header, log, held }: DatabaseExamination): string {
  if (held?.from === 'reading') return 'locked';
  switch (reading.kind) {
    case 'read':
      if (reading.value.findings.length > 0) return 'corrupt';
      if (header !== 'sound') return 'readable only through its write-ahead log';
      return isBroken(log) ? 'ok, but its write-ahead log is damaged' : 'ok';
    case 'timeout':
      return `incomplete after ${reading.timeoutMs} ms`;
    case 'failed':
      return reading.class.replaceAll('_', ' ');
    case 'missing':
    case 'empty':
      return reading.kind;
  }
  return reading satisfies never;
}
