import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../../fixtures/home.ts';
import { put, rolloutPlace, threadId } from '../../../../fixtures/rollouts.ts';
import { loadThread } from './load.ts';

const META = {
  id: threadId(1),
  timestamp: '2026-11-20T07:41:40.297Z',
  cwd: '/work',
  originator: 'stethos_exec',
  cli_version: '0.1.0',
  source: 'exec',
  model_provider: 'scripted',
};
const metaLine = (more: Readonly<Record<string, unknown>> = {}): unknown => ({
  type: 'session_meta',
  payload: { ...META, ...more },
});
const said = (text: string): unknown => ({
  type: 'response_item',
  payload: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});
const fileOf = (...lines: readonly unknown[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');

test('a thread in several files is read from the oldest on', async () => {
  const home = temporaryHome();
  const base = { history_base: { thread_id: threadId(1) } };
  put(home, rolloutPlace({ time: '07-00-00' }), fileOf(metaLine(), said('first file')));
  put(home, rolloutPlace({ time: '08-00-00' }), fileOf(metaLine(base), said('second file')));
  expect(await loadThread({ home, path: join(home, rolloutPlace({ time: '08-00-00' })) })).toMatchObject({
    kind: 'loaded',
    thread: { history: { items: ['first file', 'second file'].map((text) => ({ content: [{ text }] })) } },
  });
});

async function loadText(content: string) {
  const home = temporaryHome();
  return loadThread({ home, path: put(home, rolloutPlace(), content) });
}
const unusable = (reason: string) => ({
  kind: 'unusable',
  reason: expect.stringContaining(reason) as string,
});

test.each([
  ['that does not begin with metadata', fileOf(said('x')), 'does not begin'],
  ['that is empty', '\n', 'empty'],
])('not resumed: a file %s', async (_name, content, reason) =>
  expect(await loadText(content)).toMatchObject(unusable(reason)),
);

test.each([
  ['a parent that is gone', { history_base: { thread_id: threadId(9) } }, 'is gone'],
  ['itself as its parent', { history_base: { thread_id: threadId(1) } }, 'is gone'],
  ['an id that would be a path', { id: '../../elsewhere' }, 'its id'],
  ['an origin that is no id', { forked_from_id: {} }, 'forked from'],
  ['instructions of another kind', { base_instructions: { text: [] } }, 'instructions'],
  ['a base without an id', { history_base: {} }, 'continues'],
  ['a base that is none', { history_base: 'x' }, 'continues'],
  [
    'a base that ends nowhere',
    { history_base: { thread_id: threadId(1), end_byte_offset: 'x' } },
    'the place where',
  ],
])('not resumed: a file with %s', async (_name, damage, reason) =>
  expect(await loadText(fileOf(metaLine(damage)))).toMatchObject(unusable(reason)),
);
