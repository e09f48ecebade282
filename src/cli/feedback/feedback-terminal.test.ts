import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, test } from 'vitest';
import { feedbackHome, ROOT, STRANGER } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { LAUNCHER } from '../../../fixtures/run.ts';
import { startSentryServer } from '../../../fixtures/sentry-server.ts';

/* `stethos feedback` for somebody who sits at a terminal. */

interface Talk {
  readonly text: string;
  readonly exitCode: number;
  readonly user: string;
}

/** Answers each question once it stands there, in this order. */
function talk(
  home: string,
  args: readonly string[],
  answers: readonly (readonly [question: string, keys: string])[],
): Promise<Talk> {
  const { promise, resolve } = Promise.withResolvers<Talk>();
  const user = temporaryHome();
  mkdirSync(join(user, 'tmp'));
  const terminal = spawn(
    process.execPath,
    [LAUNCHER, 'feedback', '--target', 'codex', '--home', home, ...args],
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

test('a no sends nothing', async () => {
  await using server = await startSentryServer();
  const { text, exitCode } = await talk(
    feedbackHome({ index: false, logs: false }),
    ['--dsn', server.dsn(), '-k', 'bug', '-m', 'x', '--thread', ROOT],
    [
      ['Attach logs', 'no\r'],
      ['Send it?', 'no\r'],
    ],
  );
  expect({ exitCode, received: server.received }).toEqual({ exitCode: 0, received: [] });
  expect(text).toContain('Nothing was sent, and nothing is kept.');
});

test.each<[string, string, string]>([
  ['Ctrl-C', '\u0003', 'What is it about?'],
  ['Ctrl-C at the last question', '\u0003', 'Store it?'],
])('%s ends it with 130', async (_, keys, question) => {
  const { exitCode, user } = await talk(
    feedbackHome({ index: false, logs: false }),
    ['--out', 'a.zip', ...(question === 'Store it?' ? ['-k', 'bug', '-m', 'x', '--thread', ROOT] : [])],
    [...(question === 'Store it?' ? [['Attach logs', 'no\r'] as const] : []), [question, keys]],
  );
  expect(exitCode).toBe(130);
  expect(existsSync(join(user, 'a.zip'))).toBe(false);
  expect(readdirSync(join(user, 'tmp'))).toEqual([]);
});

test('the end of input is no yes', async () => {
  const { text, exitCode, user } = await talk(
    feedbackHome({ index: false, logs: false }),
    ['--out', 'a.zip', '-k', 'bug', '-m', 'x', '--thread', ROOT],
    [
      ['Attach logs', 'no\r'],
      ['Store it?', '\u0004'],
    ],
  );
  expect(exitCode).toBe(0);
  expect(text).toContain('nothing is kept');
  expect(existsSync(join(user, 'a.zip'))).toBe(false);
});
