import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { builtLauncher } from '../../fixtures/built-program/launcher.ts';
import { testContext } from '../../fixtures/context.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { builtLoadPlugins, HOSTILE_PLUGINS, reference } from '../../fixtures/plugins/load.ts';
import { programPath } from '../../fixtures/run.ts';
import { processes } from '../host/processes.ts';
import { runChecks } from '../doctor/runner.ts';

/* However a run ends, no process of a plugin outlives it. */

const PLUGINS = dirname(HOSTILE_PLUGINS);

const isAlive = (pid: number): boolean => processes.inspect(pid).state === 'alive';
const allGone = (pids: readonly number[]) =>
  vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 20_000, interval: 20 });

test.each<[plugin: string, NodeJS.Signals]>([
  ['never_ends', 'SIGKILL'],
  ['never_ends', 'SIGTERM'],
  ['never_answers', 'SIGKILL'],
  ['never_answers', 'SIGTERM'],
])('of a plugin that %s nothing is left when stethos itself is ended by %s', async (plugin, signal) => {
  const driver = spawn(
    process.execPath,
    [
      programPath('interrupted-plugin.cjs'),
      join(dirname(await builtLauncher()), '../dist'),
      PLUGINS,
      `./${plugin}.ts`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [said] = (await once(driver.stdout, 'data')) as [Buffer];
  const pids = said.toString().trim().split(' ').map(Number);
  expect(pids.every(isAlive)).toBe(true);
  driver.kill(signal);
  await allGone(pids);
  await text(driver.stdout);
});

test.each([
  ['the user', 'incomplete', /^interrupted, while waiting for \d+/],
  ["the run's deadline", 'incomplete', /^the run's 3000 ms were used up/],
] as const)('a plugin in a loop ends when %s ends the run', async (who, status, words) => {
  const loadPlugins = await builtLoadPlugins();
  const interrupt = new AbortController();
  const loaded = await loadPlugins([reference('./never_ends.ts', PLUGINS)], {
    signal: interrupt.signal,
    timeoutMs: 60_000,
    knownIds: [],
  });
  let said = '';
  const { results } = await runChecks(loaded.checks, testContext({ home: temporaryHome() }), {
    timeoutMs: who === 'the user' ? 60_000 : 3_000,
    signal: interrupt.signal,
    observer: {
      onWaiting: (_, what) => {
        said = what;
        if (who === 'the user') interrupt.abort();
      },
    },
  });
  expect(results.find(({ id }) => id === 'never.ends')).toMatchObject({
    status,
    summary: expect.stringMatching(words) as string,
  });
  await loaded.close();
  await allGone(said.split(' ').map(Number));
});

test('a plugin that hangs while it is imported costs its time, one row and nothing else', async () => {
  const loadPlugins = await builtLoadPlugins();
  const loaded = await loadPlugins([reference('./hangs_at_import.ts')], {
    signal: new AbortController().signal,
    timeoutMs: 500,
    knownIds: [],
  });
  const [row, ...more] = loaded.checks;
  expect(more).toEqual([]);
  expect(row?.judge(undefined)).toMatchObject({
    summary: './hangs_at_import.ts said not within 500 ms what it offers',
    issues: [{ failure: { class: 'timeout', phase: 'process' } }],
  });
  await loaded.close();
});

test('an interrupted user does not wait for a plugin to load', async () => {
  const loadPlugins = await builtLoadPlugins();
  const interrupt = new AbortController();
  const loading = loadPlugins([reference('./hangs_at_import.ts')], {
    signal: interrupt.signal,
    timeoutMs: 60_000,
    knownIds: [],
  });
  await pause(50);
  interrupt.abort();
  const loaded = await loading;
  expect(loaded.checks[0]?.judge(undefined).summary).toContain('the run was interrupted');
  await loaded.close();
});
