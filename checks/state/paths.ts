import { isAbsolute, join, resolve } from 'node:path';
import { conclude, defineCheck, idle } from '../../src/doctor/check.ts';
import { describe } from '../../src/store/rollouts/walk.ts';
import { formatBytes, formatCount } from '../../src/host/units.ts';
import type { RolloutTree } from '../../src/store/rollouts/walk.ts';
import { stringAt } from '../../src/target/config/facts.ts';
import { isOutOfReach } from '../../src/target/home.ts';
import { findTakenPlaces } from '../../src/target/places.ts';
import { folderIssues, homeIssues, kindOf } from './paths/issues.ts';
import type { SessionFolder } from './paths/issues.ts';
import { placeIssue } from './paths/place-issue.ts';

/** From here on the session list and the agent's own scans get slow, so a reader should know first. */
const MANY_FILES = 1_000;
const MANY_BYTES = 1024 ** 3;

export default defineCheck({
  id: 'state.paths',
  section: 'Environment',
  category: 'state',
  title: 'The agent’s home and the folders it writes to are usable',
  budgetMs: 30_000,
  async probe({ target, files, env, signal, clock }) {
    const { home } = target;
    const { path, profile, source } = home;
    const databases = target.databases();
    const logFolder = resolve(path, stringAt(target.config().effective, 'log_dir') ?? 'log');
    const releases = files.list(join(path, profile.install.standaloneFolder, 'releases'));
    const { active, archived } = await target.rollouts(signal);
    return {
      agent: profile.name,
      variable: profile.homeVariable,
      path,
      source,
      given: env[profile.homeVariable],
      home: files.look(path),
      listing: isOutOfReach(path, files) ? 'denied' : files.list(path, { maxEntries: 1 }).kind,
      write: files.writeAccess(path),
      logFolder: { path: logFolder, look: files.look(logFolder) },
      sqlite: { ...databases.home, write: files.writeAccess(databases.home.path) },
      databases: databases.databases.map(({ label, path: file, look }) => ({ label, path: file, look })),
      active: countsOf(active),
      archived: countsOf(archived),
      taken: findTakenPlaces(files, path),
      closedToWriting: placesOfToday(path, clock.now()).find(
        (place) => files.writeAccess(place) === 'denied',
      ),
      standaloneReleases: releases.kind === 'read' ? releases.entries.length : undefined,
    };
  },
  judge(seen) {
    const { agent, variable, path, source, home, active, archived } = seen;
    const details = {
      [variable]: `${path} (${kindOf(home)})`,
      'home source': source,
      'log dir': `${seen.logFolder.path} (${kindOf(seen.logFolder.look)})`,
      'sqlite home': `${seen.sqlite.path} (${kindOf(seen.sqlite.look)})`,
      'sqlite home source': seen.sqlite.source,
      ...Object.fromEntries(
        seen.databases.map(({ label, path: file, look }) => [label, `${file} (${kindOf(look)})`]),
      ),
      'sessions folder': active.state.kind === 'read' ? 'dir' : describe(active.state),
      'archived_sessions folder': archived.state.kind === 'read' ? 'dir' : describe(archived.state),
      'active rollout files': active.files,
      'active rollout bytes': active.bytes,
      'archived rollout files': archived.files,
      'archived rollout bytes': archived.bytes,
      'session folder not writable': seen.closedToWriting,
      'standalone release cache': seen.standaloneReleases,
    };
    if (home.kind === 'missing' && source === 'default')
      return idle({ summary: `${agent} is not set up yet: ${path} does not exist`, details });
    const issues = homeIssues(seen);
    // What is below a home that cannot be entered looks missing; that is no second fault.
    if (issues.length === 0)
      issues.push(...folderIssues(seen), ...seen.taken.map((place) => placeIssue(place, agent)));
    const large = active.files >= MANY_FILES || active.bytes >= MANY_BYTES;
    const amount = `${formatCount(active.files, 'active file')} · ${formatBytes(active.bytes)} on disk`;
    const relative = source === variable && seen.given !== undefined && !isAbsolute(seen.given);
    return conclude({
      summary: `${path} is usable`,
      details,
      issues,
      notes: [
        ...(large ? [{ kind: 'warning' as const, text: `rollouts: ${amount}` }] : []),
        ...(relative
          ? [
              {
                kind: 'warning' as const,
                text: `${variable} is a relative path: every working directory gets a home of its own`,
              },
            ]
          : []),
      ],
    });
  },
});

/** Where the agent writes session files today; it files them by the date of the machine's own time zone. */
function placesOfToday(home: string, nowMs: number): string[] {
  const today = new Date(nowMs);
  const [year, month, day] = [today.getFullYear(), today.getMonth() + 1, today.getDate()].map((part) =>
    String(part).padStart(2, '0'),
  );
  const sessions = join(home, 'sessions');
  return [
    sessions,
    join(sessions, `${year}`),
    join(sessions, `${year}`, `${month}`),
    join(sessions, `${year}`, `${month}`, `${day}`),
    join(home, 'archived_sessions'),
  ];
}

const countsOf = ({ folder, state, files, bytes }: RolloutTree): SessionFolder => ({
  folder,
  state,
  files: files.length,
  bytes,
});
