import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { makeBaseHome, ROLLOUT } from '../../fixtures/hostile/base-home.ts';
import { brokenPromises, contextOf } from '../../fixtures/hostile/promises.ts';
import { programPath } from '../../fixtures/run.ts';

/* Nothing stays as it is while the doctor looks: another process rewrites, cuts, renames and removes it. */

const EXAMINATIONS = 6;

/** Changes these places of the home at random until the test ends. */
async function disturb(home: string, places: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [programPath('restless-home.ts'), home, ...places], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await once(child.stdout, 'data');
}

test.each<[string, readonly string[]]>([
  ['configuration and login', ['config.toml', '.env', 'auth.json', 'version.json']],
  ['sessions', [ROLLOUT, 'sessions/2026/11/20', 'sessions', 'archived_sessions']],
  ['databases', ['state_5.sqlite', 'state_5.sqlite-wal', 'state_5.sqlite-shm', 'goals_1.sqlite']],
  ['the background server', ['app-server-daemon/settings.json', 'app-server-daemon/daemon.pid', 'log']],
])('%s', async (_, places) => {
  const base = makeBaseHome();
  onTestFinished(base.remove);
  await disturb(base.home, places);
  for (let examination = 0; examination < EXAMINATIONS; examination += 1)
    expect(await brokenPromises({ context: contextOf(base), secrets: base.secrets })).toEqual([]);
});
