import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedbackHome, ROOT, STRANGER } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { startSentryServer } from '../../../fixtures/sentry-server.ts';
import { talkAtTerminal } from '../../../fixtures/terminal-talk.ts';
import type { TerminalTalk } from '../../../fixtures/terminal-talk.ts';

/* `stethos feedback` for somebody who sits at a terminal. */

interface Talk extends TerminalTalk {
  readonly user: string;
}

/** Answers each question once it stands there, in this order. */
async function talk(
  home: string,
  args: readonly string[],
  answers: readonly (readonly [question: string, keys: string])[],
): Promise<Talk> {
  const user = temporaryHome();
  const temporary = join(user, 'tmp');
  mkdirSync(temporary);
  const talked = await talkAtTerminal(['feedback', '--target', 'codex', '--home', home, ...args], {
    cwd: user,
    env: { HOME: user, TMPDIR: temporary },
    answers,
  });
  return { ...talked, user };
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
