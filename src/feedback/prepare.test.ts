import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { snapshotOf } from '../../fixtures/databases.ts';
import {
  CHILD,
  feedbackHome,
  GRANDCHILD,
  putLogs,
  ROOT,
  said,
  STRANGER,
} from '../../fixtures/feedback-home.ts';
import { temporaryHome } from '../../fixtures/home.ts';
import { logRow } from '../../fixtures/log-rows.ts';
import { put, rolloutPlace, session, threadId } from '../../fixtures/rollouts.ts';
import { files } from '../host/files.ts';
import { PROFILES } from '../target/profile.ts';
import { chooseThread } from './choose-thread.ts';
import { DIAGNOSTIC_KINDS } from './item.ts';
import type { ItemKind } from './item.ts';
import { prepareFeedback } from './prepare.ts';
import type { PrepareMeans } from './prepare.ts';
import type { FeedbackRequest, PreparedFeedback } from './prepared.ts';
import { scanAgain } from './scan-again.ts';
import { createRedactor } from '../redact/redactor.ts';

interface Given extends Partial<Omit<PrepareMeans, 'thread'>> {
  readonly thread?: string;
}

const DOCTOR_SAYS = {
  overallStatus: 'fail',
  checks: { 'network.dns': { id: 'network.dns', status: 'fail' } },
};

async function prepared(
  home: string,
  request: Partial<FeedbackRequest> = {},
  { thread, ...given }: Given = {},
): Promise<PreparedFeedback> {
  const { signal } = new AbortController();
  let ids = 0;
  const feedback = await prepareFeedback(
    { classification: 'bug', collect: new Set(DIAGNOSTIC_KINDS), ...request },
    {
      profile: PROFILES.stethos,
      home,
      cwd: home,
      env: {},
      files,
      logDatabase: join(home, 'logs_2.sqlite'),
      stateDatabase: join(home, 'state_5.sqlite'),
      doctor: {
        command: [process.execPath, '-e', `console.log(${JSON.stringify(JSON.stringify(DOCTOR_SAYS))})`],
        cwd: '/',
        env: {},
      },
      signal,
      redaction: { userDirectory: '/home/alice' },
      clock: { now: () => 1_795_193_242_956, elapsed: () => 0 },
      newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
      version: '9.9.9',
      ...given,
      thread: await chooseThread(thread, { files, home, signal }),
    },
  );
  onTestFinished(() => feedback.remove());
  return feedback;
}

const contentOf = ({ items }: PreparedFeedback, kind: ItemKind): string[] =>
  items.filter((item) => item.kind === kind).map(({ path }) => readFileSync(path, 'utf8'));

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

test('files that the user names go along once each, and pictures and pipes do not', async () => {
  const home = temporaryHome({
    'a.log': 'token for bob@example.com',
    'picture.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    'utf16.txt': Buffer.from('\uFEFFhello', 'utf16le'),
    'other/a.log': 'another of this name',
  });
  execFileSync('mkfifo', [join(home, 'pipe')]);
  symlinkSync(join(home, 'a.log'), join(home, 'link.log'));
  const feedback = await prepared(home, {
    collect: new Set(['files']),
    extraFiles: ['a.log', './a.log', 'link.log', 'picture.png', 'pipe', 'utf16.txt', 'gone', 'other/a.log'],
  });
  expect(feedback.items.map(({ name }) => name)).toEqual(['a.log', 'utf16.txt', 'a.log']);
  expect(contentOf(feedback, 'files')[0]).toBe('token for <email:1>');
  expect(feedback.omitted.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
    'picture.png: it is no text, and cannot be redacted',
    'pipe: it is a fifo',
    'gone: missing',
  ]);
});

test('files are named only when they are asked for', async () => {
  const feedback = await prepared(temporaryHome({ a: 'x' }), { extraFiles: ['a'], collect: new Set() });
  expect(feedback.items).toEqual([]);
});

test('a rollout trace is taken file by file', async () => {
  const home = temporaryHome({
    't/manifest.json': '{}',
    't/trace.jsonl': '{"seq":1}\n',
    't/payloads/1.json': '{"a":1}',
    't/payloads/other.txt': 'x',
  });
  const feedback = await prepared(home, { collect: new Set(['trace']), trace: join(home, 't') });
  expect(feedback.items.map(({ name }) => name)).toEqual([
    'trace-manifest.json',
    'trace.jsonl',
    'trace-payload-1.json',
  ]);
});

test('the private folder can be entered by this user alone, and goes', async () => {
  const feedback = await prepared(feedbackHome());
  const path = feedback.items[0]?.path ?? '';
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  feedback.remove();
  feedback.remove();
  expect(existsSync(dirname(path))).toBe(false);
});

test('an abort leaves no folder behind', async () => {
  const parent = temporaryHome();
  const controller = new AbortController();
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = parent;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  await expect(
    prepared(
      feedbackHome(),
      {},
      { signal: controller.signal, onProgress: () => controller.abort(new Error('stop')) },
    ),
  ).rejects.toThrow('stop');
  expect(files.list(parent)).toMatchObject({
    entries: [expect.objectContaining({ name: expect.stringContaining('stethos-home') as string })],
  });
});

test('what was staged is looked at again, and a change is seen', async () => {
  const feedback = await prepared(feedbackHome());
  const look = () =>
    scanAgain(feedback.items.slice(0, 1), {
      redactor: createRedactor({ userDirectory: '/home/alice' }),
      signal: new AbortController().signal,
    });
  expect(await look()).toEqual([]);
  writeFileSync(feedback.items[0]?.path ?? '', 'mail bob@example.com');
  expect(await look()).toMatchObject([{ found: [{ rule: 'email', count: 1 }] }]);
  writeFileSync(feedback.items[0]?.path ?? '', 'something else');
  expect(await look()).toMatchObject([{ found: [], isChanged: true }]);
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
