import { dirname } from 'node:path';
import { conclude, defineCheck, fail, warn } from '../../src/doctor/check.ts';
import type { VerdictIssue } from '../../src/doctor/check.ts';
import type { CheckContext } from '../../src/doctor/context.ts';
import type { DiskSpace } from '../../src/host/disk.ts';
import { formatBytes } from '../../src/host/units.ts';

/** Below this a long session with builds and large rollouts can fill the disk. */
const WARNING_BYTES = 5 * 1024 ** 3;
/** Below this databases and rollouts start to fail in the middle of a write. */
const FAILURE_BYTES = 1024 ** 3;
/** A session or a build creates this many files without being noticed. */
const WARNING_FILES = 1_000;

interface Volume {
  /** `CODEX_HOME`, or `worktree` for the current directory. */
  readonly label: string;
  /** What was asked for. */
  readonly path: string;
  /** The path itself or its nearest ancestor that exists. */
  readonly measuredAt: string;
  readonly device: number;
  readonly space: DiskSpace;
  /** A worktree may be meant to be; a home that is read only is the fault of `state.paths`. */
  readonly isReadOnly: boolean;
}

export default defineCheck({
  id: 'system.disk',
  section: 'Environment',
  category: 'disk',
  title: 'The disks of the home and the worktree have room',
  budgetMs: 2_000,
  probe: (context) => {
    const { home } = context.target;
    return {
      home: volumeOf(home.profile.homeVariable, home.path, context),
      worktree: volumeOf('worktree', context.cwd, context),
    };
  },
  judge: ({ home, worktree }) => {
    const volumes = [home, worktree].filter((volume) => volume !== undefined);
    // One full disk is one fault, whatever lies on it.
    const distinct = volumes.filter(
      (volume, index) => volumes.findIndex((other) => other.device === volume.device) === index,
    );
    const free = distinct.flatMap(({ space }) => (space.kind === 'measured' ? [space.availableBytes] : []));
    return conclude({
      summary:
        free.length === 0
          ? 'the file systems do not say how much room they have'
          : `${formatBytes(Math.min(...free))} free`,
      details: {
        ...Object.assign({}, ...volumes.map(detailsOf)),
        'same file system': volumes.length === 2 ? distinct.length === 1 : undefined,
        'warning threshold bytes': WARNING_BYTES,
        'failure threshold bytes': FAILURE_BYTES,
      },
      issues: distinct.flatMap((volume) => issuesOf(volume)),
    });
  },
});

function volumeOf(
  label: string,
  path: string,
  { files, disk }: Pick<CheckContext, 'files' | 'disk'>,
): Volume | undefined {
  for (let at = path; ; at = dirname(at)) {
    const seen = files.look(at);
    if (seen.kind === 'found')
      return {
        label,
        path,
        measuredAt: at,
        device: seen.device,
        space: disk.space(at),
        isReadOnly: files.writeAccess(at) === 'read_only_file_system',
      };
    if (dirname(at) === at) return undefined;
  }
}

function detailsOf({
  label,
  path,
  measuredAt,
  space,
  isReadOnly,
}: Volume): Record<string, string | number | true> {
  return {
    ...(measuredAt !== path && { [`${label} measured at`]: measuredAt }),
    ...(space.kind === 'measured' && { [`${label} available bytes`]: space.availableBytes }),
    ...(space.kind === 'measured' &&
      space.availableFiles !== undefined && { [`${label} available files`]: space.availableFiles }),
    ...(space.kind === 'unknown' && { [`${label} available`]: 'not said by the file system' }),
    ...(space.kind === 'failed' && { [`${label} available`]: `could not be measured (${space.code})` }),
    ...(isReadOnly && { [`${label} read only`]: true as const }),
  };
}

function issuesOf(volume: Volume): VerdictIssue[] {
  const { label, measuredAt, space } = volume;
  if (space.kind === 'unknown') return [];
  if (space.kind === 'failed')
    return [
      warn({
        class: 'unreadable',
        cause: `the room on the disk of ${label} could not be measured (${space.code})`,
        measured: `${space.code} for ${measuredAt}`,
        expected: 'a file system that answers',
        remedy: `Run df on ${measuredAt}; an error there too means a broken or stale mount.`,
        fields: [`${label} available`],
        failure: { code: space.code },
      }),
    ];
  return [...bytesIssues(volume, space.availableBytes), ...filesIssues(volume, space.availableFiles)];
}

function bytesIssues({ label, measuredAt }: Volume, available: number): VerdictIssue[] {
  if (available >= WARNING_BYTES) return [];
  const isCritical = available < FAILURE_BYTES;
  return [
    (isCritical ? fail : warn)({
      class: 'mismatch',
      cause: `${isCritical ? 'almost no' : 'little'} disk space is left for ${label} (${formatBytes(available)})`,
      measured: `${formatBytes(available)} free at ${measuredAt}`,
      expected: `at least ${formatBytes(isCritical ? FAILURE_BYTES : WARNING_BYTES)}`,
      remedy: `Free space on the file system of ${measuredAt}, or move ${label} to a larger one.`,
      fields: [`${label} available bytes`],
      failure: { code: 'ENOSPC' },
    }),
  ];
}

function filesIssues({ label, measuredAt }: Volume, available: number | undefined): VerdictIssue[] {
  if (available === undefined || available >= WARNING_FILES) return [];
  const isCritical = available === 0;
  return [
    (isCritical ? fail : warn)({
      class: 'mismatch',
      cause: `the file system of ${label} has room for ${isCritical ? 'no' : `only ${available}`} more files, whatever space is free`,
      measured: `${available} free inodes at ${measuredAt}`,
      expected: `at least ${WARNING_FILES}`,
      remedy: `Delete folders with many small files (caches, old node_modules) on the file system of ${measuredAt}.`,
      fields: [`${label} available files`],
      failure: { code: 'ENOSPC' },
    }),
  ];
}
