import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, test } from 'vitest';
import { builtLauncher } from '../../../fixtures/built-program/launcher.ts';
import { feedbackHome, ROOT, STRANGER } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startSentryServer } from '../../../fixtures/sentry-server.ts';

/* `stethos feedback` for somebody who sits at a terminal. */

interface Talk {
  readonly text: string;
  readonly exitCode: number;
  readonly user: string;
}

/** Answers each question once it stands there, in this order. */
async function talk(
  home: string,
  args: readonly string[],
  answers: readonly (readonly [question: string, keys: string])[],
): Promise<Talk> {
  const { promise, resolve } = Promise.withResolvers<Talk>();
  const user = temporaryHome();
  mkdirSync(join(user, 'tmp'));
  const launcher = await builtLauncher();
  const terminal = spawn(
    process.execPath,
    [launcher, 'feedback', '--target', 'codex', '--home', home, ...args],
    {
      cwd: user,
      env: { HOME: user, PATH: '/usr/bin:/bin', TMPDIR: join(user, 'tmp'), TERM: 'xterm-256color' },
      cols: 200,
      rows: 50,
    },
  );
  let text = '';
  let seen = 0;
  let next = 0;
  terminal.onData((data) => {
    text += data;
    for (;;) {
      const [question, keys] = answers[next] ?? [];
      if (question === undefined || keys === undefined) return;
      const at = text.indexOf(question, seen);
      if (at === -1) return;
      seen = at + question.length;
      next += 1;
      terminal.write(keys);
    }
  });
  terminal.onExit(({ exitCode }) => resolve({ text, exitCode, user }));
  return promise;
}

test('every question is asked, each item may be left out, and only a yes sends', async () => {
  await using server = await startSentryServer();
  const { text, exitCode, user } = await talk(
    feedbackHome({ index: false }),
    ['--dsn', server.dsn(), '--exclude', 'doctor'],
    [
      ['What is it about?', '1\r'],
      ['Which one?', '2\r'],
      ['What happened?', 'It broke\r'],
      ['Attach logs', 'y\r'],
      ['Send it?', '\r'],
      ['Send it?', 'show 1\r'],
      ['of a stranger', ''],
      ['Send it?', 'choose\r'],
      ['codex-logs.log?', 'yes\r'],
      ['feedback-thread-index.json?', 'no\r'],
      ['.jsonl?', 'no\r'],
      ['left out by you', ''],
      ['Send it?', 'yes\r'],
    ],
  );
  expect(text).toContain('Sent as event');
  expect(exitCode).toBe(0);
  const items = server.accepted.flatMap((envelope) => envelope.items);
  expect(
    items.flatMap(({ header }) => (header['type'] === 'attachment' ? [header['filename']] : [])),
  ).toEqual(['codex-logs.log']);
  expect(text).toContain(`session ${STRANGER}`);
  expect(readdirSync(join(user, 'tmp'))).toEqual([]);
});

test('Ctrl-C at the last question ends it with 130, and leaves nothing behind', async () => {
  const { exitCode, user } = await talk(
    feedbackHome({ index: false, logs: false }),
    ['--out', 'a.zip', '-k', 'bug', '-m', 'x', '--thread', ROOT],
    [
      ['Attach logs', 'no\r'],
      ['Store it?', '\u0003'],
    ],
  );
  expect(exitCode).toBe(130);
  expect(existsSync(join(user, 'a.zip'))).toBe(false);
  expect(readdirSync(join(user, 'tmp'))).toEqual([]);
});
