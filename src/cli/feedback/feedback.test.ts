import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snapshotOf } from '../../../fixtures/databases.ts';
import { feedbackHome, ROOT, said } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { put, rolloutPlace, session } from '../../../fixtures/rollouts.ts';
import { bundleInProcess, feedbackInProcess } from '../../../fixtures/report-commands.ts';
import { stethos } from '../../../fixtures/run.ts';
import type { Finished, RunOptions } from '../../../fixtures/run.ts';
import { startSentryServer, TEST_KEY } from '../../../fixtures/sentry-server.ts';

/* `stethos feedback` as a process: real homes, a server of Sentry's protocol on the loopback interface. */

interface Place {
  readonly home: string;
  /** What HOME points at; stethos' own home stands in it. */
  readonly user: string;
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Finished>;
  /** Private folders that are still there. */
  readonly leftBehind: () => string[];
}

function place(home = feedbackHome({ index: false, logs: false })): Place {
  const user = temporaryHome();
  const tmp = join(user, 'tmp');
  mkdirSync(tmp);
  return {
    home,
    user,
    run: (args, options = {}) =>
      stethos(['feedback', '--target', 'codex', '--home', home, ...args], {
        cwd: user,
        ...options,
        env: { HOME: user, PATH: '/usr/bin:/bin', TMPDIR: tmp, ...options.env },
      }),
    leftBehind: () => readdirSync(tmp),
  };
}

const LOGS = ['--include-logs', '--exclude', 'doctor'];

test('what was shown is what arrives, and nothing of the home changes', async () => {
  await using server = await startSentryServer();
  const { home, user, run, leftBehind } = place(feedbackHome());
  const before = snapshotOf(home);
  const args = [
    '-k',
    'bug',
    '-m',
    'It broke for bob@example.com',
    '--dsn',
    server.dsn({ project: 42 }),
    ...LOGS,
  ];
  const shown = await feedbackInProcess(['--target', 'codex', '--home', home, ...args, '--show', 'logs'], {
    cwd: user,
    env: { HOME: user },
  });
  const { exitCode, stdout, stderr } = await run([...args, '--yes']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain(`[Bug]: Codex session ${ROOT}`);
  expect(stdout).toContain(`127.0.0.1:${server.port}, project 42 (named by --dsn)`);
  expect(stdout).toContain('30 days');
  expect(stdout).not.toContain(TEST_KEY);
  const items = server.accepted.flatMap((envelope) => envelope.items);
  const attached = new Map(
    items
      .filter(({ header }) => header['type'] === 'attachment')
      .map(({ header, payload }) => [header['filename'], payload.toString()]),
  );
  expect([...attached.keys()]).toEqual([
    'codex-logs.log',
    'feedback-thread-index.json',
    expect.stringContaining('rollout-'),
    expect.stringContaining('rollout-'),
    expect.stringContaining('rollout-'),
  ]);
  expect(attached.get('codex-logs.log')).toBe(shown.stdout);
  const event = items.find(({ header }) => header['type'] === 'event')?.payload.toString() ?? '';
  const { event_id: id } = JSON.parse(event) as { event_id: string };
  expect(stdout).toContain(`delete event ${id}`);
  expect(stdout).toContain(`Sent as event ${id}`);
  expect(event).toContain('It broke for <email:1>');
  expect(event).not.toContain('bob@');
  expect(snapshotOf(home)).toEqual(before);
  expect(leftBehind()).toEqual([]);
});

test('a bundle stays on this machine, needs no yes, and is sound', async () => {
  const { run, user } = place();
  const path = join(user, 'bundle.zip');
  const { exitCode, stdout } = await run(['--include-logs', '--out', path, '--format', 'json']);
  expect(exitCode).toBe(0);
  const document = JSON.parse(stdout) as { items: { name: string }[]; outcome: object };
  expect(document).toMatchObject({ schemaVersion: 1, threadId: ROOT, outcome: { kind: 'stored', path } });
  // The real doctor, about this home.
  expect(document.items.map(({ name }) => name)).toContain('codex-doctor-report.json');
  expect(document).toMatchObject({ tags: { doctor_overall_status: expect.any(String) as string } });
  expect(await bundleInProcess(['verify', path], { env: {} })).toMatchObject({ exitCode: 0 });
  expect(await run(['--out', path, '--include-lgos'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('Did you mean --include-logs?') as string,
  });
});

test('a reader that leaves is no fault', async () => {
  const { home, run, leftBehind } = place();
  put(home, rolloutPlace({ id: ROOT }), session(ROOT) + said('x'.repeat(4_000_000)));
  const { exitCode } = await run(['--show', 'rollouts'], {
    onStart: (child) => child.stdout?.once('data', () => child.stdout?.destroy()),
  });
  expect(exitCode).toBe(0);
  expect(leftBehind()).toEqual([]);
});

test('Ctrl-C while the doctor works ends both, and leaves nothing behind', async () => {
  const { run, leftBehind, user } = place();
  const { exitCode } = await run(['--include-logs', '--out', join(user, 'a.zip')], {
    onStart: (child) => {
      const timer = setInterval(() => {
        if (leftBehind().some((name) => name.startsWith('stethos-feedback-'))) {
          clearInterval(timer);
          child.kill('SIGINT');
        }
      }, 5);
      child.once('exit', () => clearInterval(timer));
    },
  });
  expect(exitCode).toBe(130);
  expect(leftBehind()).toEqual([]);
  expect(existsSync(join(user, 'a.zip'))).toBe(false);
});
