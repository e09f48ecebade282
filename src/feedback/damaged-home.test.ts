import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { feedbackHome, ROOT, said, STRANGER } from '../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { contentOf, prepared } from '../../fixtures/prepared-feedback.ts';
import { put, rolloutPlace, session, threadId } from '../../fixtures/rollouts.ts';

test('where the index is damaged, the session files say who spawned whom', async () => {
  const home = feedbackHome({ index: false });
  writeFileSync(
    join(home, 'state_5.sqlite'),
    'no database at all, but long enough to be read as one'.repeat(100),
  );
  const feedback = await prepared(home);
  expect(contentOf(feedback, 'rollouts')).toHaveLength(3);
  expect(JSON.parse(contentOf(feedback, 'thread-index')[0] ?? '')).toMatchObject({
    notes: expect.stringContaining('SQLITE_NOTADB') as string,
  });
});

test('a damaged log database costs the log alone', async () => {
  const home = feedbackHome({ logs: false });
  writeFileSync(join(home, 'logs_2.sqlite'), 'x'.repeat(10_000));
  const feedback = await prepared(home);
  expect(feedback.omitted).toEqual([
    { kind: 'logs', name: 'stethos-logs.log', reason: 'the log database cannot be read (SQLITE_NOTADB)' },
  ]);
  expect(contentOf(feedback, 'rollouts')).toHaveLength(3);
});

test('links, pipes and folders in place of session files are left alone', async () => {
  const home = feedbackHome({ index: false, logs: false });
  const outside = temporaryHome({ 'secret.jsonl': session(threadId(5)) + said('private') });
  symlinkSync(join(outside, 'secret.jsonl'), join(home, rolloutPlace({ id: threadId(5) })));
  execFileSync('mkfifo', [join(home, rolloutPlace({ id: ROOT, time: '09-09-09' }))]);
  mkdirSync(join(home, rolloutPlace({ id: ROOT, time: '10-10-10' })));
  for (const name of ['logs_2.sqlite', 'state_5.sqlite']) execFileSync('mkfifo', [join(home, name)]);
  const feedback = await prepared(home);
  expect(contentOf(feedback, 'rollouts')).toHaveLength(3);
  expect(contentOf(feedback, 'rollouts').join('')).not.toContain('private');
  expect(feedback.omitted.map(({ reason }) => reason)).toEqual([
    'the log database cannot be read (WRONG_TYPE)',
  ]);
});

test('a session without a file is found in the log by its id', async () => {
  const home = feedbackHome();
  rmSync(join(home, rolloutPlace({ id: STRANGER, day: '2026-11-18' })));
  const feedback = await prepared(home, {}, { thread: STRANGER.toUpperCase() });
  expect(feedback.threadId).toBe(STRANGER);
  expect(contentOf(feedback, 'logs')[0]).toContain('of a stranger');
  expect(feedback.omitted).toEqual([
    { kind: 'rollouts', name: 'session files', reason: 'the session left no file' },
  ]);
});

test('bytes that are no UTF-8 do not stop anything', async () => {
  const home = feedbackHome({ index: false });
  put(
    home,
    rolloutPlace({ id: ROOT }),
    Buffer.concat([Buffer.from(session(ROOT) + said('hi')), Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a])]),
  );
  const feedback = await prepared(home);
  expect(contentOf(feedback, 'rollouts')[0]).toContain('session_meta');
});
