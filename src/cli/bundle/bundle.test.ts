import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedbackHome, ROOT, said } from '../../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { put, rolloutPlace, session } from '../../../fixtures/rollouts.ts';
import { bundleInProcess, feedbackInProcess } from '../../../fixtures/report-commands.ts';
import type { Ended } from '../../../fixtures/report-commands.ts';
import { stethos } from '../../../fixtures/run.ts';

const run = (user: string, [name, ...args]: readonly string[]): Promise<Ended> => {
  const env = { HOME: user };
  const paths = args.map((word) => (/\.(?:zip|txt)$/.test(word) ? join(user, word) : word));
  return name === 'bundle' ? bundleInProcess(paths, { env }) : feedbackInProcess(paths, { env, cwd: user });
};

test('as a process: what it says goes to its standard output, and its verdict is its exit code', async () => {
  const user = temporaryHome({ 'notes.txt': 'text' });
  expect(await stethos(['bundle', 'verify', 'notes.txt'], { cwd: user, env: { HOME: user } })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('notes.txt is no bundle') as string,
  });
});

test('a bundle that was not redacted is found out, and redacted', async () => {
  const user = temporaryHome();
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
    stdout: expect.stringContaining(`Written to ${join(user, 'a.redacted.zip')}`) as string,
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
  [['bundle', 'inspect', 'gone.zip'], 1, 'gone.zip is no bundle: there is no such file.'],
])('%j ends with %i', async (args, expected, words) => {
  const user = temporaryHome();
  writeFileSync(join(user, 'notes.txt'), 'text');
  const { exitCode, stderr } = await run(user, args);
  expect(exitCode).toBe(expected);
  expect(stderr).toContain(words);
});
