import { truncateSync } from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { RECORD, put, session, sessionMeta, threadId } from '../../../fixtures/rollouts.ts';
import { files } from '../../host/files.ts';
import type { Files } from '../../host/files.ts';
import { readSessionMeta } from './header.ts';

const ID = threadId(1);
const BASE = { history_base: { thread_id: threadId(2), end_ordinal_exclusive: 28, end_byte_offset: 43_076 } };

function written(content: string | Uint8Array, name = 'rollout.jsonl'): string {
  return put(temporaryHome(), name, content);
}

test.each([
  ['at the front', session(ID, { ...BASE, base_instructions: { text: 'x'.repeat(30_000) } })],
  [
    'behind 30 kB of instructions',
    session(ID, { base_instructions: { text: 'x"\\'.repeat(10_000) }, ...BASE }),
  ],
  ['behind 300 kB of tools', session(ID, { dynamic_tools: ['x'.repeat(300_000)], ...BASE })],
  ['after blank lines', `\n\n${session(ID, BASE)}`],
  ['after a damaged line', `{"timestamp": "2026-\n${session(ID, BASE)}`],
  ['after another record', `${RECORD}${session(ID, BASE)}`],
  ['without a line end', sessionMeta(ID, BASE).trimEnd()],
])('lineage %s', async (_, content) => {
  const expected = {
    kind: 'meta',
    meta: { id: ID, historyBase: { threadId: threadId(2), endByteOffset: 43_076 } },
  };
  expect(await readSessionMeta(files, written(content), 'lineage')).toEqual(expected);
  const packed = written(zstdCompressSync(content), 'rollout.jsonl.zst');
  expect(await readSessionMeta(files, packed, 'lineage')).toEqual(expected);
});

test('the first session of a legacy fork is its own', async () => {
  const content = session(ID, { forked_from_id: threadId(2) }) + session(threadId(2));
  expect(await readSessionMeta(files, written(content), 'lineage')).toEqual({
    kind: 'meta',
    meta: { id: ID, forkedFromId: threadId(2) },
  });
});

test.each([
  ['an empty file', ''],
  ['other records only', RECORD.repeat(3)],
  ['a session without an id', '{"type":"session_meta","payload":{}}\n'],
  ['a payload that is none', '{"type":"session_meta","payload":[1]}\n'],
  ['a prototype in place of a payload', '{"type":"session_meta","__proto__":{"payload":{"id":"x"}}}\n'],
  ['binary noise', Buffer.from([0xff, 0, 0x7b, 0x22])],
])('%s', async (_, content) => {
  expect(await readSessionMeta(files, written(content), 'lineage')).toEqual({ kind: 'no_meta' });
});

test('a compressed file that is none', async () => {
  expect(await readSessionMeta(files, written('text', 'rollout.jsonl.zst'), 'id')).toMatchObject({
    kind: 'unpack',
  });
});

test('a missing file', async () => {
  expect(await readSessionMeta(files, '/nowhere/rollout.jsonl', 'id')).toEqual({ kind: 'missing' });
});

test('two gigabytes without a line end cost two megabytes', async () => {
  const path = written('{"timestamp":');
  truncateSync(path, 2 * 1024 ** 3);
  let bytes = 0;
  const counting: Files = {
    ...files,
    readBytes: (...parameters) => {
      const read = files.readBytes(...parameters);
      if (read.kind === 'read') bytes += read.bytes.length;
      return read;
    },
  };
  expect(await readSessionMeta(counting, path, 'id')).toEqual({ kind: 'no_meta' });
  expect(bytes).toBeLessThan(2 * 1024 ** 2);
});
