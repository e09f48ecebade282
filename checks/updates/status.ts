import { join } from 'node:path';
import { askLatest } from './status/ask-latest.ts';
import type { LatestAnswer, Permission } from './status/ask-latest.ts';
import { conclude, defineCheck, skip, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import type { Note } from '../../src/doctor/report.ts';
import { booleanAt } from '../../src/target/config/facts.ts';
import { shellPath } from '../../src/host/shell-path.ts';
import { isOutOfReach, stateOfHome } from '../../src/target/home.ts';
import { readVersionCache } from '../../src/target/install/version-cache.ts';
import type { VersionCache } from '../../src/target/install/version-cache.ts';
import { isUpdate } from '../../src/target/install/version.ts';

interface Evidence {
  readonly path: string;
  readonly isHomeOutOfReach: boolean;
  readonly cache: VersionCache;
  readonly answer: LatestAnswer;
  /** Undefined where the setting cannot be read. */
  readonly looksForUpdates: boolean | undefined;
  readonly current: string | undefined;
  readonly updateCommand: string | undefined;
  readonly nowMs: number;
}

export default defineCheck({
  id: 'updates.status',
  section: 'Updates',
  category: 'updates',
  title: 'What the agent knows about newer versions is readable',
  budgetMs: 6_000,
  probe: async (context): Promise<Evidence> => {
    const { target, files, clock, network, options } = context;
    const path = join(target.home.path, 'version.json');
    const { active } = target.install();
    const looksForUpdates =
      booleanAt(target.config().effective, SETTING) ?? (isSettingOpen(context) ? undefined : true);
    return {
      path,
      isHomeOutOfReach: isOutOfReach(target.home.path, files),
      cache: readVersionCache(path, files),
      answer: await askLatest({
        feeds: target.home.profile.releases,
        method: active?.method,
        permission: permissionOf(looksForUpdates, options),
        network,
        waitingFor: (what) => context.waitingFor(what),
      }),
      looksForUpdates,
      current: active?.version,
      updateCommand: active?.updateCommand,
      nowMs: clock.now(),
    };
  },
  judge: (seen) => {
    const { cache, current, looksForUpdates } = seen;
    if (seen.isHomeOutOfReach)
      return skip({ because: 'state.paths', summary: 'not looked at: the home cannot be used' });
    const { answer } = seen;
    const cached = cache.kind === 'read' ? cache.latest : undefined;
    const latest = answer.kind === 'answered' ? answer.version : cached;
    const dismissed = cache.kind === 'read' ? cache.dismissed : undefined;
    const status = statusOf(latest, current);
    const isNews = status === NEWER && latest !== undefined && current !== undefined;
    return conclude({
      summary: summaryOf(seen, status, latest),
      details: {
        'check for update on startup': looksForUpdates ?? null,
        'update action': seen.updateCommand ?? 'manual or unknown',
        'version cache': seen.path,
        'version cache state': stateOf(cache),
        'current version': current ?? null,
        'latest version': answer.kind === 'answered' ? answer.version : undefined,
        'latest version probe': describeAnswer(answer),
        'cached latest version': cached,
        'last checked at': cache.kind === 'read' ? cache.lastCheckedAt : undefined,
        'cache age hours': ageHours(cache, seen.nowMs),
        'dismissed version': dismissed,
        'latest version status': status,
      },
      issues: cacheIssues(seen),
      // Who switched the look-up off, or dismissed this very version, has already said no to the line.
      notes:
        isNews && looksForUpdates !== false && dismissed !== latest
          ? [updateNote({ latest, current, dismissed })]
          : [],
    });
  },
});

const SETTING = 'check_for_update_on_startup';

function permissionOf(
  looksForUpdates: boolean | undefined,
  { offline }: Pick<CheckContext['options'], 'offline'>,
): Permission {
  if (looksForUpdates === false) return 'switched off';
  if (offline) return '--offline';
  return looksForUpdates ? 'granted' : 'unknown setting';
}

/** Who forbids the question may have done so where nothing can be read: a home that is none, a broken configuration. */
function isSettingOpen({ target, files }: CheckContext): boolean {
  const { path, source } = target.home;
  const state = stateOfHome(path, files);
  const isNotSetUp = state === 'missing' && source === 'default';
  if (state !== 'directory' && !isNotSetUp) return true;
  return target
    .config()
    .problems.some(
      ({ fatal, kind, keyPath }) =>
        fatal && (kind === 'malformed' || kind === 'unreadable' || keyPath === SETTING),
    );
}

const NEWER = 'newer version is available';

function statusOf(latest: string | undefined, current: string | undefined): string | undefined {
  if (latest === undefined) return undefined;
  if (current === undefined) return 'the installed version is not known';
  return isUpdate({ latest, current }) ? NEWER : 'current version is not older';
}

function summaryOf(
  { cache, answer, looksForUpdates }: Evidence,
  status: string | undefined,
  latest?: string,
): string {
  if (status === NEWER) return `${latest ?? ''} is available`;
  if (looksForUpdates === false) return 'the agent does not look for updates, by its setting';
  if (answer.kind === 'failed')
    return `${latest === undefined ? 'the newest version could not be asked for' : `${status}, as far as was known`}: ${answer.reason}`;
  if (cache.kind === 'missing' && latest === undefined) return 'the agent has not looked for updates yet';
  return status ?? 'update settings are readable';
}

function describeAnswer(answer: LatestAnswer): string {
  switch (answer.kind) {
    case 'answered':
      return `${answer.host} answered`;
    case 'failed':
      return `${answer.host} could not be asked: ${answer.reason}`;
    case 'not_asked':
      return `not asked: ${answer.because}`;
  }
}

function updateNote({
  latest,
  current,
  dismissed,
}: {
  latest: string;
  current: string;
  dismissed: string | undefined;
}): Omit<Note, 'check'> {
  const also = dismissed === undefined ? '' : `, dismissed ${dismissed}`;
  return { kind: 'update', text: `${latest} available (current ${current}${also})` };
}

function stateOf(cache: VersionCache): string {
  switch (cache.kind) {
    case 'read':
      return cache.faults.length === 0 ? 'ok' : 'malformed';
    case 'malformed':
    case 'missing':
      return cache.kind;
    case 'unreadable':
      return cache.reason;
  }
}

const HOUR_MS = 3_600_000;

/** Whole hours since the agent last looked; nothing when the clock was set back since. */
function ageHours(cache: VersionCache, nowMs: number): number | undefined {
  if (cache.kind !== 'read' || cache.lastCheckedAt === undefined) return undefined;
  const ageMs = nowMs - Date.parse(cache.lastCheckedAt);
  return ageMs >= 0 ? Math.floor(ageMs / HOUR_MS) : undefined;
}

function cacheIssues({ cache, path }: Evidence): VerdictIssue[] {
  const remedy = `Remove ${path}; the agent writes it anew at its next look for updates.`;
  const common = {
    expected: 'latest_version, last_checked_at and dismissed_version as JSON',
    fields: ['version cache'],
  };
  switch (cache.kind) {
    case 'missing':
      return [];
    case 'read':
      return cache.faults.map((fault) =>
        warn({
          ...common,
          class: 'malformed',
          cause: `version.json: ${fault}`,
          measured: fault,
          remedy,
          command: `rm ${shellPath(path)}`,
        }),
      );
    case 'malformed':
      return [
        warn({
          ...common,
          class: 'malformed',
          cause: `version.json ${cache.reason}`,
          measured: cache.reason,
          remedy,
          command: `rm ${shellPath(path)}`,
        }),
      ];
    case 'unreadable':
      return [
        warn({
          ...common,
          class: cache.class,
          cause: `version.json ${cache.reason}`,
          measured: `${path} ${cache.reason}`,
          remedy:
            cache.class === 'permissions'
              ? `Let this user read ${path}, or remove it; the agent writes it anew.`
              : `Move ${path} out of the way; the agent writes a file there.`,
        }),
      ];
  }
}
