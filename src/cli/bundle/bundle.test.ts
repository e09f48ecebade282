import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedbackHome, ROOT, said } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { put, rolloutPlace, session } from '../../../fixtures/rollouts.ts';
import { stethos } from '../../../fixtures/run.ts';
import type { Finished } from '../../../fixtures/run.ts';

/* `stethos bundle` as a process. */

const run = (user: string, args: readonly string[]): Promise<Finished> =>
  stethos(args, { cwd: user, env: { HOME: user, PATH: '/usr/bin:/bin', TMPDIR: join(user, 'tmp') } });

test('a bundle that was not redacted is found out, and redacted', async () => {
  const user = temporaryHome();
  mkdirSync(join(user, 'tmp'));
  const home = feedbackHome({ index: false, logs: false });
  put(home, rolloutPlace({ id: ROOT }), session(ROOT) + said('write to bob@example.com'));
  const options = ['--target', 'codex', '--home', home, '--include', 'rollouts', '--out', 'a.zip'];
  await run(user, ['feedback', ...options, '--unredacted']);

  const inspected = await run(user, ['bundle', 'inspect', 'a.unredacted.zip']);
  expect(inspected).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('NOT REDACTED') as string });
  const name = `rollout-2026-11-20T07-41-40-${ROOT}.jsonl`;
  const shown = await run(user, ['bundle', 'inspect', 'a.unredacted.zip', '--show', name]);
  expect(shown.stdout).toContain('write to <email:1>');

  const verified = await run(user, ['bundle', 'verify', 'a.unredacted.zip', '--format', 'json']);
  expect(verified.exitCode).toBe(1);
  expect(JSON.parse(verified.stdout)).toMatchObject({ schemaVersion: 1, sound: false });
  expect(verified.stdout).not.toContain('bob@');

  const redacted = await run(user, ['bundle', 'redact', 'a.unredacted.zip']);
  expect(redacted).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Written to a.redacted.zip') as string,
  });
  expect(await run(user, ['bundle', 'verify', 'a.redacted.zip'])).toMatchObject({ exitCode: 0 });
  expect(await run(user, ['bundle', 'redact', 'a.unredacted.zip'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('exists already') as string,
  });
});

test.each<[string[], number, string]>([
  [['bundle'], 2, 'says nothing to do'],
  [['bundle', 'verify'], 2, 'takes one ZIP file'],
  [['bundle', 'verify', 'notes.txt', '--out', 'x'], 2, '--out goes with redact'],
  [['bundle', 'verify', 'notes.txt'], 1, 'notes.txt is no bundle'],
  [['bundle', 'inspect', 'gone.zip'], 1, 'gone.zip is no bundle'],
])('%j ends with %i', async (args, expected, words) => {
  const user = temporaryHome();
  writeFileSync(join(user, 'notes.txt'), 'text');
  const { exitCode, stderr } = await run(user, args);
  expect(exitCode).toBe(expected);
  expect(stderr).toContain(words);
});
