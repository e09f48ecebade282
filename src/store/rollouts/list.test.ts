import { utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { put, rolloutPlace, sessionMeta, threadId } from '../../../fixtures/rollouts.ts';
import { files } from '../../host/files.ts';
import { findLastThread, findThread, listThreads } from './list.ts';
import { appendThreadName, readThreadNames } from './session-index.ts';

const signal = new AbortController().signal;
const said = (message: string): string =>
  `${JSON.stringify({ type: 'event_msg', payload: { type: 'user_message', message } })}\n`;

/** Later numbers were used later. */
function putThread(
  home: string,
  number: number,
  { content, place }: { readonly content?: string; readonly place?: string } = {},
): string {
  const id = threadId(number);
  const path = put(
    home,
    place ?? rolloutPlace({ id }),
    content ?? sessionMeta(id) + said(`prompt ${number}`),
  );
  utimesSync(path, number, number);
  return path;
}

test('threads that can be resumed, the one that was used last first', async () => {
  const home = temporaryHome();
  putThread(home, 2);
  putThread(home, 3);
  putThread(home, 1, { place: rolloutPlace({ id: threadId(1), day: '2026-11-21' }) });
  putThread(home, 4, { content: sessionMeta(threadId(4)) });
  putThread(home, 5, { content: said('without metadata') });
  putThread(home, 6, { place: rolloutPlace({ id: threadId(6), archived: true }) });
  await appendThreadName({ home, threadId: threadId(2), name: 'Rounds', nowMs: 0 });
  const listed = await listThreads({ files, home, signal, limit: 10 });
  expect(listed.map(({ id, name, preview }) => [id, name, preview])).toEqual([
    [threadId(3), undefined, 'prompt 3'],
    [threadId(2), 'Rounds', 'prompt 2'],
    [threadId(1), undefined, 'prompt 1'],
  ]);
  expect(await listThreads({ files, home, signal, limit: 1 })).toHaveLength(1);
  expect(await listThreads({ files, home, signal, limit: 0 })).toEqual([]);
  const archived = await listThreads({ files, home, signal, limit: 10, archived: true });
  expect(archived).toMatchObject([{ id: threadId(6), isArchived: true }]);
});

const content = (number: number, more: object): string =>
  sessionMeta(threadId(number), { model_provider: 'openai', ...more }) + said('hello');

test('the last thread of a folder, a source, a provider', async () => {
  const home = temporaryHome();
  putThread(home, 1, { content: content(1, { cwd: '/a' }) });
  putThread(home, 2, { content: content(2, { cwd: '/b', source: 'exec' }) });
  const last = async (filter: Parameters<typeof findLastThread>[0]['filter']): Promise<string | undefined> =>
    (await findLastThread({ files, home, signal, filter }))?.id;
  expect(await last({})).toBe(threadId(2));
  expect(await last({ cwd: '/a' })).toBe(threadId(1));
  expect(await last({ sources: ['cli'] })).toBe(threadId(1));
  expect(await last({ modelProvider: 'openai' })).toBe(threadId(2));
  expect(await last({ cwd: '/c' })).toBeUndefined();
});

test('a thread by its id, also where the file is named after another, and by its name', async () => {
  const home = temporaryHome();
  const first = putThread(home, 1);
  const renamed = putThread(home, 2, { place: rolloutPlace({ id: threadId(2), named: threadId(9) }) });
  const archived = putThread(home, 3, { place: rolloutPlace({ id: threadId(3), archived: true }) });
  await appendThreadName({ home, threadId: threadId(1), name: 'Rounds', nowMs: 0 });
  const find = async (idOrName: string): Promise<string | undefined> =>
    (await findThread({ files, home, signal, idOrName }))?.path;
  expect(await find(threadId(1).toUpperCase())).toBe(first);
  expect(await find(threadId(2))).toBe(renamed);
  expect(await find(threadId(9))).toBeUndefined();
  expect(await find(threadId(3))).toBe(archived);
  expect(await find('Rounds')).toBe(first);
  expect(await find('Visits')).toBeUndefined();
});

test('the newest naming of a thread holds, and a broken line is passed over', async () => {
  const home = temporaryHome();
  await appendThreadName({ home, threadId: threadId(1), name: 'old', nowMs: 0 });
  put(home, 'session_index.jsonl', '{"id":"broken\n');
  await appendThreadName({ home, threadId: threadId(1), name: 'older', nowMs: 1 });
  await appendThreadName({ home, threadId: threadId(1), name: 'new "name"', nowMs: 2 });
  expect([...readThreadNames(files, home)]).toEqual([[threadId(1), 'new "name"']]);
});

test('a home without sessions has no threads', async () => {
  const home = temporaryHome();
  expect(await listThreads({ files, home, signal, limit: 5 })).toEqual([]);
  expect(await findThread({ files, home, signal, idOrName: threadId(1) })).toBeUndefined();
});
