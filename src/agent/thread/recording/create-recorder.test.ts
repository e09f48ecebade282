import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { put, rolloutPlace, threadId } from '../../../../fixtures/rollouts.ts';
import { files } from '../../../host/files.ts';
import type { RolloutLine, SessionMeta } from '../../../store/rollouts/line.ts';
import { findThread } from '../../../store/rollouts/list.ts';
import { openStateStore } from '../../../store/state/store.ts';
import type { StateStore } from '../../../store/state/store.ts';
import { normalise } from '../normalise.ts';
import type { Recorder } from '../recorder.ts';
import { createEphemeralRecorder, createRecorder } from './create-recorder.ts';
import { ThreadInUse } from '../thread-errors.ts';
import type { RecordingStart } from './create-recorder.ts';
import { forkLines } from './fork-lines.ts';
import { loadThread } from './load.ts';
import { nameThread } from './name-thread.ts';
import type { LoadedThread } from './load.ts';

const clock = { now: () => Date.UTC(2026, 10, 20, 7, 41, 40, 297), elapsed: () => 0 };
const meta = (number: number, more: Partial<SessionMeta> = {}): SessionMeta => ({
  id: threadId(number),
  timestamp: '2026-11-20T07:41:40.297Z',
  cwd: '/work',
  originator: 'stethos_exec',
  cli_version: '0.1.0',
  source: 'exec',
  model_provider: 'scripted',
  ...more,
});
const event = (payload: Readonly<Record<string, unknown>>): RolloutLine => ({ type: 'event_msg', payload });
const prompt = (text: string): RolloutLine[] => [
  {
    type: 'response_item',
    payload: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  },
  event({ type: 'user_message', message: text, images: [], local_images: [] }),
];
const turn = (text: string): RolloutLine[] => [
  event({ type: 'task_started', turn_id: text }),
  ...prompt(text),
  event({ type: 'warning', message: 'live only' }),
  event({ type: 'task_complete', turn_id: text }),
];

async function record(
  home: string,
  start: RecordingStart,
  { state, warnings = [] }: { readonly state?: StateStore; readonly warnings?: string[] } = {},
): Promise<Recorder> {
  const recorder = await createRecorder({
    home,
    start,
    clock,
    state,
    onWarning: (message) => warnings.push(message),
  });
  onTestFinished(() => recorder.close().catch(() => undefined));
  return recorder;
}

async function load(home: string, number: number): Promise<LoadedThread> {
  const found = await findThread({
    files,
    home,
    signal: new AbortController().signal,
    idOrName: threadId(number),
  });
  const loaded = await loadThread({ home, path: found?.path ?? '' });
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded));
  return loaded.thread;
}

const textsOf = ({ history }: LoadedThread): string[] =>
  history.items.map((item) =>
    item.type === 'message'
      ? item.content.map((part) => ('text' in part ? part.text : '')).join('')
      : item.type,
  );
const typesIn = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { payload: { type?: string } }).payload.type);

test('a new thread is on disk when its lines are acknowledged, with its row when a turn ends', async () => {
  const home = temporaryHome();
  const state = await openStateStore({ sqliteHome: home, home, clock, onWarning: () => undefined });
  onTestFinished(() => state.close());
  const recorder = await record(home, { kind: 'new', meta: meta(1) }, { state });
  const path = recorder.path ?? '';
  expect(existsSync(path)).toBe(false);
  await recorder.append(...turn('hello'));
  expect(typesIn(path)).toEqual([undefined, 'task_started', 'message', 'user_message', 'task_complete']);
  const database = new Database(join(home, 'state_5.sqlite'), { readonly: true });
  onTestFinished(() => void database.close());
  expect(database.prepare('SELECT * FROM threads').all()).toMatchObject([
    { id: threadId(1), rollout_path: path, title: 'hello', source: 'exec', archived: 0 },
  ]);
  await recorder.close();
});

test('a thread without lines leaves no file, and neither does an ephemeral one', async () => {
  const home = temporaryHome();
  const recorder = await record(home, { kind: 'new', meta: meta(1) });
  await recorder.append(event({ type: 'warning', message: 'live only' }));
  await recorder.flush();
  await recorder.close();
  expect(existsSync(join(home, 'sessions'))).toBe(false);
  const ephemeral = createEphemeralRecorder();
  await ephemeral.append(...turn('hello'));
  await ephemeral.close();
  expect(ephemeral.path).toBeUndefined();
});

test('a resumed thread goes on in its file, also where that was compressed or ends half way', async () => {
  const home = temporaryHome();
  const first = await record(home, { kind: 'new', meta: meta(1) });
  await first.append(...turn('one'));
  await first.close();
  const path = first.path ?? '';
  writeFileSync(`${path}.zst`, zstdCompressSync(`${readFileSync(path, 'utf8')}{"timestamp":"2026-`));
  rmSync(path);
  const thread = await load(home, 1);
  expect([textsOf(thread), thread.badLines, thread.history.isMidTurn]).toEqual([['one'], 1, false]);
  const second = await record(home, { kind: 'resumed', thread });
  expect(second.path).toBe(path);
  await second.append(...turn('two'));
  await second.close();
  expect(existsSync(`${path}.zst`)).toBe(false);
  expect(textsOf(await load(home, 1))).toEqual(['one', 'two']);
});

test('a fork has a file of its own, with what it copies behind its own metadata', async () => {
  const home = temporaryHome();
  const parent = await record(home, { kind: 'new', meta: meta(1) });
  await parent.append(...turn('one'), ...turn('two'));
  await parent.close();
  const thread = await load(home, 1);
  const fork = await record(home, {
    kind: 'forked',
    meta: meta(2, { forked_from_id: threadId(1) }),
    lines: forkLines(thread, { kind: 'before_prompt', index: 1 }),
  });
  await fork.append(...turn('other'));
  await fork.close();
  const forked = await load(home, 2);
  expect([forked.meta.id, textsOf(forked)]).toEqual([threadId(2), ['one', 'other']]);
  expect(textsOf(await load(home, 1))).toEqual(['one', 'two']);
});

const numbered = (ordinal: number, { type, payload }: RolloutLine): string =>
  `${JSON.stringify({ timestamp: '2026-11-20T07:41:40.297Z', ordinal, type, payload })}\n`;

const own = (number: number, more: Partial<SessionMeta>): RolloutLine => ({
  type: 'session_meta',
  payload: meta(number, { history_mode: 'paginated', ...more }),
});

test('a child of the real agent begins in the file of its parent, and goes on with its ordinals and items', async () => {
  const home = temporaryHome();
  const [before = event({})] = prompt('before');
  const [after = event({})] = prompt('after the fork');
  const [child = event({})] = prompt('child');
  const kept = numbered(0, own(1, {})) + numbered(1, before);
  put(home, rolloutPlace({ id: threadId(1) }), kept + numbered(2, after));
  const base = { thread_id: threadId(1), end_byte_offset: Buffer.byteLength(kept) };
  put(
    home,
    rolloutPlace({ id: threadId(2) }),
    numbered(2, own(2, { history_base: base })) + numbered(3, child),
  );

  const thread = await load(home, 2);
  expect([textsOf(thread), thread.nextOrdinal]).toEqual([['before', 'child'], 4]);
  const recorder = await record(home, { kind: 'resumed', thread });
  await recorder.append(...turn('ours'));
  await recorder.close();
  const written = readFileSync(recorder.path ?? '', 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { ordinal: number; payload: Record<string, unknown> });
  expect(written.map(({ ordinal }) => ordinal)).toEqual([2, 3, 4, 5, 6, 7]);
  expect(written[4]?.payload).toMatchObject({
    type: 'item_completed',
    thread_id: threadId(2),
    turn_id: 'ours',
    item: { type: 'UserMessage', content: [{ type: 'text', text: 'ours' }] },
  });
});

test('a recorder that was closed takes no more lines: its claim is gone', async () => {
  const home = temporaryHome();
  const recorder = await record(home, { kind: 'new', meta: meta(1) });
  await recorder.append(...turn('one'));
  await recorder.close();
  await recorder.close();
  await expect(recorder.append(...turn('two'))).rejects.toThrow('is closed');
  expect(textsOf(await load(home, 1))).toEqual(['one']);
});

test('a thread is found by the name that it was given', async () => {
  const home = temporaryHome();
  const state = await openStateStore({ sqliteHome: home, home, clock, onWarning: () => undefined });
  onTestFinished(() => state.close());
  const recorder = await record(home, { kind: 'new', meta: meta(1) }, { state });
  await recorder.append(...turn('one'));
  await nameThread({ home, threadId: threadId(1), name: 'Rounds', clock, state });
  await recorder.close();
  const { signal } = new AbortController();
  expect(await findThread({ files, home, signal, idOrName: 'Rounds' })).toMatchObject({
    id: threadId(1),
    name: 'Rounds',
  });
  const database = new Database(join(home, 'state_5.sqlite'), { readonly: true });
  onTestFinished(() => void database.close());
  expect(database.prepare('SELECT name, title FROM threads').all()).toEqual([
    { name: 'Rounds', title: 'one' },
  ]);
});

test('a thread has one writer', async () => {
  const home = temporaryHome();
  const recorder = await record(home, { kind: 'new', meta: meta(1) });
  await expect(record(home, { kind: 'new', meta: meta(1) })).rejects.toThrow(ThreadInUse);
  await recorder.close();
  await (await record(home, { kind: 'new', meta: meta(1) })).close();
});

test('a thread that another process has continued since it was read is not', async () => {
  const home = temporaryHome();
  const first = await record(home, { kind: 'new', meta: meta(1) });
  await first.append(...turn('one'));
  await first.close();
  const thread = await load(home, 1);
  const second = await record(home, { kind: 'resumed', thread });
  await second.append(...turn('two'));
  await second.close();
  await expect(record(home, { kind: 'resumed', thread })).rejects.toThrow('continued by another process');
  await (await record(home, { kind: 'resumed', thread: await load(home, 1) })).close();
});

test('where nothing can be written, a thread can still be had, and its lines are refused', async () => {
  const home = temporaryHome({ sessions: '', 'thread-writer-locks': '' });
  const warnings: string[] = [];
  const recorder = await record(home, { kind: 'new', meta: meta(1) }, { warnings });
  expect(warnings).toEqual([expect.stringContaining('cannot be locked')]);
  await expect(recorder.append(...turn('one'))).rejects.toThrow(/EEXIST|ENOTDIR/);
  await expect(recorder.close()).rejects.toThrow(/EEXIST|ENOTDIR/);
});

const url = (path: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);

test('66: killed right after a tool call was recorded, a thread is resumed with the call', async () => {
  const home = temporaryHome();
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { createRecorder } from ${url('create-recorder.ts')};
       const recorder = await createRecorder({ home: ${JSON.stringify(home)}, start: { kind: 'new', meta: ${JSON.stringify(meta(1))} },
         clock: { now: Date.now }, onWarning: console.error });
       await recorder.append({ type: 'event_msg', payload: { type: 'task_started', turn_id: 't' } },
         { type: 'response_item', payload: { type: 'function_call', name: 'exec_command', arguments: '{}', call_id: 'c' } });
       process.kill(process.pid, 'SIGKILL');`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  const thread = await load(home, 1);
  expect(thread.history).toMatchObject({ items: [{ type: 'function_call', call_id: 'c' }], isMidTurn: true });
  expect(normalise(thread.history.items, { supportsImageInput: true })).toMatchObject([
    { type: 'function_call' },
    { type: 'function_call_output', call_id: 'c', output: 'aborted' },
  ]);
  // Its claim ended with it.
  await (await record(home, { kind: 'resumed', thread })).close();
});
