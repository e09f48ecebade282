import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { snapshotOf } from '../../../fixtures/databases.ts';
import { feedbackHome, ROOT, said } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { put, rolloutPlace, session, threadId } from '../../../fixtures/rollouts.ts';
import { stethos } from '../../../fixtures/run.ts';
import type { Finished, RunOptions } from '../../../fixtures/run.ts';
import { sampleSecrets } from '../../../fixtures/secrets.ts';
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
const [SECRET = ''] = sampleSecrets().map(({ secret }) => secret);

test('what was shown is what arrives, and nothing of the home changes', async () => {
  await using server = await startSentryServer();
  const { home, run, leftBehind } = place(feedbackHome());
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
  const shown = await run([...args, '--show', 'logs']);
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

test('nothing is sent without a yes, without a destination, and without logs that were asked for', async () => {
  await using server = await startSentryServer();
  const { run } = place();
  const unasked = await run(['--dsn', server.dsn()]);
  expect(unasked).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('--yes') as string });
  const nowhere = await run(['--yes', ...LOGS]);
  expect(nowhere).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining('--out bundle.zip') as string,
  });
  expect(server.received).toEqual([]);
  expect(await run(['--dsn', server.dsn(), '--yes'])).toMatchObject({ exitCode: 0 });
  expect(server.received.flatMap(({ items }) => items.map(({ header }) => header['type']))).not.toContain(
    'attachment',
  );
});

test('the destination: option, variables, the stethos home; a wrong one is told and not passed over', async () => {
  const { run, user } = place();
  mkdirSync(join(user, '.stethos'));
  writeFileSync(join(user, '.stethos/config.toml'), '[feedback]\ndsn = "http://k@127.0.0.1:4/4"');
  const goesTo = async (args: string[], env: Record<string, string>): Promise<string | undefined> =>
    /^Destination +(.*)$/m.exec((await run(['--preview', ...args], { env })).stdout)?.[1];
  expect(
    await goesTo(['--dsn', 'http://k@127.0.0.1:1/1'], { STETHOS_SENTRY_DSN: 'http://k@127.0.0.1:2/2' }),
  ).toContain('project 1 (named by --dsn)');
  expect(await goesTo([], {})).toContain('project 4');
  expect(await run(['--yes'], { env: { SENTRY_DSN: 'nonsense' } })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('SENTRY_DSN is no DSN') as string,
  });
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
  expect(await stethos(['bundle', 'verify', path])).toMatchObject({ exitCode: 0 });
  expect(await run(['--out', path])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('exists already') as string,
  });
});

test('what is not redacted stands under a name of its own, and is never sent', async () => {
  const { run, user } = place();
  const done = await run([...LOGS, '--unredacted', '--out', join(user, 'bundle.zip')]);
  expect(done).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Not redacted') as string });
  expect(existsSync(join(user, 'bundle.zip'))).toBe(false);
  expect(existsSync(join(user, 'bundle.unredacted.zip'))).toBe(true);
  expect(await run(['--unredacted', '--yes', '--dsn', 'http://k@127.0.0.1:1/1'])).toMatchObject({
    exitCode: 2,
  });
});

test('credentials that were found hold it back until that is agreed to', async () => {
  await using server = await startSentryServer();
  const { home, run } = place();
  put(home, rolloutPlace({ id: ROOT }), session(ROOT) + said(`my key is ${SECRET}`));
  const args = [...LOGS, '--dsn', server.dsn(), '--yes'];
  const held = await run(args);
  expect(held.exitCode).toBe(1);
  expect(held.stdout).toContain('--allow-findings');
  expect(held.stdout).not.toContain(SECRET);
  expect(server.received).toEqual([]);
  expect(await run([...args, '--allow-findings'])).toMatchObject({ exitCode: 0 });
  const sent = Buffer.concat(
    server.received.flatMap(({ items }) => items.map(({ payload }) => payload)),
  ).toString();
  expect(sent).toContain('my key is <');
  expect(sent).not.toContain(SECRET);
});

test('feedback that is switched off stays off', async () => {
  const { home, run } = place();
  put(home, 'config.toml', '[feedback]\nenabled = false\n');
  const { exitCode, stderr } = await run(['--yes', '--dsn', 'http://k@127.0.0.1:1/1']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`enabled = false in ${join(home, 'config.toml')}`);
});

test('a server that is not there: it waits on disk, and goes with the next one', async () => {
  const { run } = place();
  const down = await startSentryServer(() => ({ status: 503 }));
  const dsn = down.dsn();
  const first = await run(['--yes', '--dsn', dsn, '--format', 'json']);
  await down[Symbol.asyncDispose]();
  const { eventId, outcome } = JSON.parse(first.stdout) as { eventId: string; outcome: { kind: string } };
  expect({ exitCode: first.exitCode, kind: outcome.kind }).toEqual({ exitCode: 0, kind: 'spooled' });
  expect(eventId).toMatch(/^[\da-f]{32}$/);
});

test.each<[string[], string]>([
  [['now'], '--message'],
  [['--show', 'nothing'], 'There are: report'],
  [['--include-lgos'], 'Did you mean --include-logs?'],
])('%j is a wrong command line', async (args, words) => {
  const { exitCode, stderr } = await place().run(args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(words);
});

test('a session that nobody knows: the latest ones are named', async () => {
  const { exitCode, stderr } = await place().run(['--thread', 'nobody', '--preview']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(ROOT);
});

test('a message comes from standard input', async () => {
  const { stdout } = await place().run(['-m', '-', '--tag', 'ticket=4711', '--show', 'report'], {
    input: 'typed\u001B[2J before',
  });
  expect(JSON.parse(stdout)).toMatchObject({
    event: {
      tags: { ticket: '4711', thread_id: ROOT },
      exception: { values: [{ value: String.raw`typed\u001b[2J before` }] },
    },
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

test('two thousand sessions', async () => {
  const home = temporaryHome();
  const content = session(threadId(1)) + said('hello');
  for (let number = 1; number <= 2_000; number += 1)
    put(home, rolloutPlace({ id: threadId(number), day: `2026-11-${10 + (number % 10)}` }), content);
  const { exitCode, stdout } = await place(home).run(['--preview']);
  expect({ exitCode, title: stdout.split('\n', 1)[0] }).toEqual({
    exitCode: 0,
    title: `[Other]: Codex session ${threadId(1)}`,
  });
});
