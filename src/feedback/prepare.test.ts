import { expect, test } from 'vitest';
import { snapshotOf } from '../../fixtures/databases.ts';
import { CHILD, feedbackHome, GRANDCHILD, putLogs, ROOT } from '../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { logRow } from '../../fixtures/log-rows.ts';
import { contentOf, prepared } from '../../fixtures/prepared-feedback.ts';
import { session } from '../../fixtures/rollouts.ts';
import { PROFILES } from '../target/profile.ts';

test('the latest session with its sub-agents, in the order of the reference; nothing of the home changes', async () => {
  const home = feedbackHome();
  const before = snapshotOf(home);
  const feedback = await prepared(home, {}, { env: { HTTPS_PROXY: 'http://u:p@proxy.example' } });
  expect(feedback.items.map(({ kind, name, contentType }) => [kind, name, contentType])).toEqual([
    ['logs', 'stethos-logs.log', 'text/plain'],
    ['thread-index', 'feedback-thread-index.json', 'application/json'],
    ['doctor', 'stethos-doctor-report.json', 'application/json'],
    ['connectivity', 'stethos-connectivity-diagnostics.txt', 'text/plain'],
    ...[ROOT, CHILD, GRANDCHILD].map((id) => [
      'rollouts',
      `rollout-2026-11-20T07-41-40-${id}.jsonl`,
      'text/plain',
    ]),
  ]);
  expect(feedback.omitted).toEqual([]);
  const [logs = ''] = contentOf(feedback, 'logs');
  expect(logs.match(/of .*/g)).toEqual(['of the root', 'of the child', 'of the process']);
  expect(contentOf(feedback, 'rollouts')[2]).toBe(
    session(GRANDCHILD, { source: { subagent: { thread_spawn: { parent_thread_id: CHILD, depth: 1 } } } }),
  );
  expect(JSON.parse(contentOf(feedback, 'thread-index')[0] ?? '')).toMatchObject({
    threads: [{ thread_id: ROOT }, { thread_id: CHILD }, { thread_id: GRANDCHILD }],
    is_complete: true,
  });
  expect(snapshotOf(home)).toEqual(before);
});

test('the report says what it is about, and what the doctor and the log say', async () => {
  const home = feedbackHome({ logs: false });
  putLogs(home, [
    logRow(1, {
      thread_id: ROOT,
      target: 'feedback_tags',
      feedback_log_body: 'auth_mode="api_key" doctor_ok_count=7 thread_id="spoof"',
    }),
  ]);
  const feedback = await prepared(home, {
    message: ' It broke for bob@example.com \n',
    tags: { ticket: '4711', doctor_fail_count: '0', reason: 'spoof' },
  });
  const report = feedback.reportWith(feedback.items.slice(0, 1));
  expect(report).toMatchObject({
    eventId: expect.stringMatching(/^[\da-f]{32}$/) as string,
    timestampMs: 1_795_193_242_956,
    level: 'error',
    message: `[Bug]: stethos session ${ROOT}`,
    reason: 'It broke for <email:1>',
    feedback: { message: 'It broke for <email:1>' },
    tags: {
      thread_id: ROOT,
      classification: 'bug',
      cli_version: '1.2.3',
      session_source: 'cli',
      reason: 'It broke for <email:1>',
      ticket: '4711',
      auth_mode: 'api_key',
      doctor_overall_status: 'fail',
      doctor_ok_count: '0',
      doctor_fail_count: '0',
      doctor_failed_checks: 'network.dns',
    },
  });
  const [item] = feedback.items;
  expect(report.attachments).toEqual([
    {
      filename: item?.name,
      contentType: 'text/plain',
      path: item?.path,
      bytes: item?.bytes,
      sha256: item?.sha256,
    },
  ]);
  expect(feedback.hiddenInReport).toEqual([{ rule: 'email', count: expect.any(Number) as number }]);
});

test.each([
  ['bug', 'Bug', 'error'],
  ['bad_result', 'Bad result', 'error'],
  ['good_result', 'Good result', 'info'],
  ['safety_check', 'Safety check', 'error'],
  ['other', 'Other', 'info'],
  ['my own word', 'Other', 'info'],
])('%s is shown as %s, at level %s', async (classification, display, level) => {
  const feedback = await prepared(
    feedbackHome({ index: false, logs: false }),
    { classification, collect: new Set() },
    { profile: PROFILES.codex },
  );
  expect(feedback.reportWith([])).toMatchObject({ level, message: `[${display}]: Codex session ${ROOT}` });
  expect(feedback.items).toEqual([]);
});

test('a codex home is told in the words of codex', async () => {
  const feedback = await prepared(feedbackHome(), {}, { profile: PROFILES.codex });
  expect(feedback.items.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['codex-logs.log', 'codex-doctor-report.json']),
  );
});

test('without a session there is an id of its own, and a reason for what is missing', async () => {
  const feedback = await prepared(temporaryHome());
  expect(feedback.threadId).toBe('no-active-thread-00000000-0000-4000-8000-000000000001');
  expect(feedback.items.map(({ kind }) => kind)).toEqual(['doctor']);
  expect(feedback.omitted.map(({ kind, reason }) => [kind, reason])).toEqual([
    ['logs', 'there is no session'],
    ['rollouts', 'there is no session'],
  ]);
});
