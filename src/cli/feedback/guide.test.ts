import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedbackHome } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { bundleInProcess, feedbackInProcess } from '../../../fixtures/report-commands.ts';
import { startSentryServer } from '../../../fixtures/sentry-server.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/feedback.md'), 'utf8');

/** A command's words; the guide quotes with double quotes only. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

test('every command of the guide does what it says', async () => {
  await using server = await startSentryServer();
  const cwd = temporaryHome({ 'notes.txt': 'what I saw' });
  const commands = [...GUIDE.matchAll(/^```sh\n([^]*?)^```$/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line.startsWith('stethos '));
  expect(commands.length).toBeGreaterThan(10);
  const env = {
    HOME: cwd,
    CODEX_HOME: feedbackHome({ index: false }),
    STETHOS_SENTRY_DSN: server.dsn(),
  };
  for (const command of commands) {
    const [, name, ...words] = wordsOf(command);
    const args = words.map((word) => (word.endsWith('.zip') ? join(cwd, word) : word));
    const { exitCode, stdout, stderr } =
      name === 'bundle' ? await bundleInProcess(args, { env }) : await feedbackInProcess(args, { cwd, env });
    expect({ command, name, exitCode, stderr }).toEqual({
      command,
      name: expect.stringMatching(/^(?:bundle|feedback)$/) as string,
      exitCode: 0,
      stderr: '',
    });
    expect(stdout).not.toBe('');
  }
  expect(server.accepted.length).toBeGreaterThan(0);
});
