import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedbackHome, ROOT, said } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { feedbackInProcess } from '../../../fixtures/report-commands.ts';
import type { Ended, Surroundings } from '../../../fixtures/report-commands.ts';
import { put, rolloutPlace, session, threadId } from '../../../fixtures/rollouts.ts';
import { sampleSecrets } from '../../../fixtures/secrets.ts';
import { startSentryServer } from '../../../fixtures/sentry-server.ts';

/* What `stethos feedback` does with its options: real homes, a server of Sentry's protocol on the loopback interface. */

interface Place {
  readonly home: string;
  /** What HOME points at; stethos' own home stands in it. */
  readonly user: string;
  readonly run: (args: readonly string[], more?: Partial<Surroundings>) => Promise<Ended>;
}

function place(home = feedbackHome({ index: false, logs: false })): Place {
  const user = temporaryHome();
  return {
    home,
    user,
    run: (args, more = {}) =>
      feedbackInProcess(['--target', 'codex', '--home', home, ...args], {
        cwd: user,
        ...more,
        env: { HOME: user, ...more.env },
      }),
  };
}

const LOGS = ['--include-logs', '--exclude', 'doctor'];
const [SECRET = ''] = sampleSecrets().map(({ secret }) => secret);

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

test('what is not redacted stands under a name of its own, and is never sent', async () => {
  const { run, user } = place();
  const path = join(user, 'bundle.zip');
  expect(await run([...LOGS, '--unredacted', '--out', path])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Not redacted') as string,
  });
  expect(existsSync(path)).toBe(false);
  expect(await run(['--unredacted', '--out', path])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('exists already') as string,
  });
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

test.each<[string[], string]>([
  [['now'], '--message'],
  [['--show', 'nothing'], 'There are: report'],
  [['--retry', '--include-logs'], 'nothing new'],
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

test('a no at the end sends nothing, and is told as a failure to who waits for the exit code', async () => {
  await using server = await startSentryServer();
  const { exitCode, stdout } = await place().run(
    ['--dsn', server.dsn(), '-k', 'bug', '-m', 'x', '--thread', ROOT],
    {
      answers: [
        ['Attach logs', 'no\r'],
        ['Send it?', 'no\r'],
      ],
    },
  );
  expect({ exitCode, received: server.received }).toEqual({ exitCode: 1, received: [] });
  expect(stdout).toContain('Nothing was sent, and nothing is kept.');
});

test('the end of input is no yes', async () => {
  const { run, user } = place();
  const path = join(user, 'a.zip');
  const { exitCode, stdout } = await run(['--out', path, '-k', 'bug', '-m', 'x', '--thread', ROOT], {
    answers: [
      ['Attach logs', 'no\r'],
      ['Store it?', '\u0004'],
    ],
  });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('nothing is kept');
  expect(existsSync(path)).toBe(false);
});

test('Ctrl-C at a question ends it', async () => {
  const asked = place().run(['--out', 'a.zip'], { answers: [['What is it about?', '\u0003']] });
  await expect(asked).rejects.toThrow('interrupted');
});
