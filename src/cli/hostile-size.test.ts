import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { builtLauncher } from '../../fixtures/built-program/launcher.ts';
import { makeBaseHome, ROLLOUT } from '../../fixtures/hostile/base-home.ts';
import type { BaseHome } from '../../fixtures/hostile/base-home.ts';
import { rolloutPlace, session, threadId } from '../../fixtures/rollouts.ts';
import { programPath, runNode } from '../../fixtures/run.ts';
import { schemaErrors } from '../../fixtures/schema.ts';
import type { RedactedReport } from '../doctor/report.ts';

/* What has grown beyond all bounds is examined within bounds of time and memory. */

/** Of any run, whatever it looks at: nearly all of it is Node.js. */
const MOST_MEMORY_BYTES = 120 * 1024 * 1024;
/** What a hundred thousand sessions may add to that: half of it is young garbage. Objects for each would be three times it. */
const MOST_GROWTH_BYTES = 80 * 1024 * 1024;
const GIGABYTE = 1024 ** 3;

/** Shared, since a run that fills the cache needs more memory than all later ones. */
const cache = mkdtempSync(join(tmpdir(), 'stethos-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

function makeHome(): BaseHome {
  const base = makeBaseHome();
  onTestFinished(base.remove);
  return base;
}

/** Runs the real program; gives its report, and on Linux the most memory that it used. */
async function examined({ root, home, user, project }: BaseHome) {
  const peak = join(root, 'peak');
  const isLinux = process.platform === 'linux';
  const before = stateOf(home);
  const { stdout, stderr } = await runNode(
    [
      ...(isLinux ? ['--require', programPath('peak-memory.cjs')] : []),
      await builtLauncher(),
      'doctor',
      '--json',
      '--offline',
      '--no-exec',
    ],
    {
      cwd: project,
      env: {
        HOME: user,
        CODEX_HOME: home,
        PATH: '/usr/bin:/bin',
        XDG_CACHE_HOME: cache,
        PEAK_MEMORY_FILE: peak,
      },
    },
  );
  expect(stderr).toBe('');
  expect(stateOf(home)).toEqual(before);
  const report = JSON.parse(stdout) as RedactedReport;
  expect(schemaErrors(report)).toEqual([]);
  expect(report.counts).toMatchObject({ crashed: 0, incomplete: 0 });
  return { report, peakBytes: isLinux ? Number(readFileSync(peak, 'utf8')) : 0 };
}

/** Sizes and times instead of contents: nobody wants to read ten gigabytes of zeros. */
function stateOf(home: string): string[] {
  return readdirSync(home, { encoding: 'utf8' }).map((name) => {
    const { size, mtimeNs, mode } = lstatSync(join(home, name), { bigint: true });
    return `${name} ${mode} ${size} ${mtimeNs}`;
  });
}

const SESSIONS = 100_000;
const SESSIONS_PER_DAY = 400;
/** Below the number of links to one file that ext4 allows. */
const LINKS_PER_FILE = 50_000;

test('a hundred thousand sessions and an index of them', { timeout: 120_000 }, async () => {
  const base = makeHome();
  await examined(base);
  const small = await examined(base);
  const { home } = base;
  const index = new Database(join(home, 'state_5.sqlite'));
  const insert = index.prepare(
    "INSERT OR REPLACE INTO threads VALUES (?, ?, 1, 1, 'cli', 'openai', '/work', 'Rounds', 0)",
  );
  index.exec('BEGIN');
  let folder = '';
  let original = '';
  for (let number = 0; number < SESSIONS; number += 1) {
    const id = threadId(number + 1_000);
    const day = new Date(Date.UTC(2025, 0, 1 + Math.floor(number / SESSIONS_PER_DAY)))
      .toISOString()
      .slice(0, 10);
    const path = join(home, rolloutPlace({ id, day }));
    if (number % SESSIONS_PER_DAY === 0) mkdirSync((folder = join(path, '..')), { recursive: true });
    if (number % LINKS_PER_FILE === 0) writeFileSync((original = join(folder, 'original')), session(id));
    linkSync(original, path);
    insert.run(id, path);
  }
  index.exec('COMMIT');
  index.close();
  const { report, peakBytes } = await examined(base);
  expect(report.checks['state.paths']?.details).toMatchObject({ 'active rollout files': SESSIONS + 2 });
  expect(report.checks['state.rollout_db_parity']).toMatchObject({ status: 'ok' });
  expect(peakBytes - small.peakBytes).toBeLessThanOrEqual(MOST_GROWTH_BYTES);
});

test('gigabytes in every place', { timeout: 120_000 }, async () => {
  const base = makeHome();
  const { home } = base;
  const grow = (place: string, bytes: number): void => {
    rmSync(join(home, place), { force: true });
    writeFileSync(join(home, place), '');
    truncateSync(join(home, place), bytes);
  };
  grow(ROLLOUT, 2 * GIGABYTE);
  grow('goals_1.sqlite', 3 * GIGABYTE);
  grow('log/codex-tui.log', 10 * GIGABYTE);
  for (const place of ['config.toml', 'auth.json', '.env', 'version.json', 'history.jsonl'])
    grow(place, GIGABYTE);
  grow('app-server-daemon/settings.json', GIGABYTE);
  const { report, peakBytes } = await examined(base);
  const rows = JSON.stringify(Object.values(report.checks).filter(({ issues }) => issues.length > 0));
  for (const place of [
    ROLLOUT,
    'goals_1.sqlite',
    'config.toml',
    'auth.json',
    '.env',
    'version.json',
    'settings.json',
    '/log',
  ])
    expect(rows).toContain(place);
  expect(peakBytes).toBeLessThanOrEqual(MOST_MEMORY_BYTES);
});
