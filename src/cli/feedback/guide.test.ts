import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedbackHome } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { stethos } from '../../../fixtures/run.ts';
import { startSentryServer } from '../../../fixtures/sentry-server.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/feedback.md'), 'utf8');

/** A command's words; the guide quotes with double quotes only. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** A dozen processes, some of which ask the doctor. */
const LIMIT_MS = 120_000;

test('every command of the guide does what it says', { timeout: LIMIT_MS }, async () => {
  await using server = await startSentryServer();
  const user = temporaryHome({ 'notes.txt': 'what I saw' });
  mkdirSync(join(user, 'tmp'));
  const commands = [...GUIDE.matchAll(/^```sh\n([^]*?)^```$/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line.startsWith('stethos '));
  expect(commands.length).toBeGreaterThan(10);
  const env = {
    HOME: user,
    CODEX_HOME: feedbackHome({ index: false }),
    PATH: '/usr/bin:/bin',
    TMPDIR: join(user, 'tmp'),
    STETHOS_SENTRY_DSN: server.dsn(),
  };
  for (const command of commands) {
    const [, ...args] = wordsOf(command);
    const { exitCode, stdout, stderr } = await stethos(args, { cwd: user, env });
    expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: '' });
    expect(stdout).not.toBe('');
  }
  expect(server.accepted.length).toBeGreaterThan(0);
});
