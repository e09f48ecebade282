import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { threadId } from '../../../fixtures/rollouts.ts';
import { files } from '../../host/files.ts';
import type { RolloutLine, StoredLine } from './line.ts';
import { readRollout } from './read.ts';
import type { RolloutReading } from './read.ts';
import { createRolloutWriter } from './writer.ts';

async function readAll(
  path: string,
  more: { readonly endByteOffset?: number } = {},
): Promise<{ reading: RolloutReading; lines: StoredLine[] }> {
  const lines: StoredLine[] = [];
  const reading = await readRollout({ files, path, onLine: (line) => void lines.push(line), ...more });
  return { reading, lines };
}

const META = '{"timestamp":"2026-11-20T07:41:40.297Z","type":"session_meta","payload":{"id":"a"}}';
const SAID = '{"timestamp":"2026-11-20T07:41:41.000Z","type":"event_msg","payload":{"type":"user_message"}}';

test.each<[string, string, { readonly kinds: readonly string[]; readonly bad: number }]>([
  ['blank lines are nothing', `\n${META}\n\n  \n${SAID}\n`, { kinds: ['session_meta', 'event_msg'], bad: 0 }],
  [
    'what is not JSON is counted, and later lines load',
    `${META}\n{"type":\n${SAID}\n`,
    { kinds: ['session_meta', 'event_msg'], bad: 1 },
  ],
  [
    'a type that nobody knows is counted',
    `${META}\n{"type":"novelty","payload":{}}\n`,
    { kinds: ['session_meta'], bad: 1 },
  ],
  [
    'a payload of another shape is counted',
    `${META}\n{"type":"event_msg","payload":[]}\n{"type":"event_msg","payload":{}}\n`,
    { kinds: ['session_meta'], bad: 2 },
  ],
  [
    'metadata without an id is counted',
    `{"type":"session_meta","payload":{}}\n${SAID}\n`,
    { kinds: ['event_msg'], bad: 1 },
  ],
  [
    'further types of release 0.169 are no fault',
    `${META}\n{"type":"world_state","payload":{}}\n`,
    { kinds: ['session_meta'], bad: 0 },
  ],
  [
    'a ghost snapshot is dropped in silence',
    `${META}\n{"type":"response_item","payload":{"type":"ghost_snapshot"}}\n`,
    { kinds: ['session_meta'], bad: 0 },
  ],
  ['a truncated last line is counted', `${META}\n${SAID.slice(0, 40)}`, { kinds: ['session_meta'], bad: 1 }],
  [
    'a last line without its end counts',
    `${META}\n${SAID}`,
    { kinds: ['session_meta', 'event_msg'], bad: 0 },
  ],
  [
    'bytes that are no text are counted',
    `${META}\n\u0000\u0000\u0000\n${SAID}\n`,
    { kinds: ['session_meta', 'event_msg'], bad: 1 },
  ],
])('%s', async (_name, content, { kinds, bad }) => {
  const home = temporaryHome({ 'a.jsonl': content, 'b.jsonl.zst': zstdCompressSync(content) });
  for (const name of ['a.jsonl', 'b.jsonl']) {
    const { reading, lines } = await readAll(join(home, name));
    expect(lines.map(({ line }) => line.type)).toEqual(kinds);
    expect(reading).toMatchObject({ kind: 'read', badLines: bad });
  }
});

test('a file of blank lines is empty, and no file is missing', async () => {
  const home = temporaryHome({ 'a.jsonl': '\n \n', 'b.jsonl': '' });
  expect((await readAll(join(home, 'a.jsonl'))).reading.kind).toBe('empty');
  expect((await readAll(join(home, 'b.jsonl'))).reading.kind).toBe('empty');
  expect((await readAll(join(home, 'c.jsonl'))).reading.kind).toBe('missing');
  expect((await readAll(home)).reading).toEqual({ kind: 'wrong_type', type: 'directory' });
});

test('a plain file wins over its compressed twin', async () => {
  const home = temporaryHome({
    'a.jsonl': `${META}\n`,
    'a.jsonl.zst': zstdCompressSync(`${META}\n${SAID}\n`),
  });
  expect((await readAll(join(home, 'a.jsonl.zst'))).reading).toMatchObject({
    path: join(home, 'a.jsonl'),
    lines: 1,
  });
});

test('a compressed file that is cut gives what it held, and says so', async () => {
  const packed = zstdCompressSync(`${META}\n${SAID}\n`);
  const home = temporaryHome({ 'a.jsonl.zst': packed.subarray(0, packed.length - 6) });
  expect((await readAll(join(home, 'a.jsonl.zst'))).reading).toMatchObject({ kind: 'damaged' });
});

test('reading ends at an offset, and when it is told to', async () => {
  const home = temporaryHome({ 'a.jsonl': `${META}\n${SAID}\n${SAID}\n` });
  const path = join(home, 'a.jsonl');
  expect((await readAll(path, { endByteOffset: META.length + 1 })).lines).toHaveLength(1);
  let seen = 0;
  await readRollout({ files, path, onLine: () => (seen += 1) < 2 });
  expect(seen).toBe(2);
});

const numbered = (ordinal: number): string =>
  `{"type":"event_msg","ordinal":${ordinal},"payload":{"type":"x"}}`;

test('ordinals go on from the last valid line', async () => {
  const home = temporaryHome({ 'a.jsonl': `${numbered(0)}\n${numbered(1)}\n{"ordinal":2,"typ` });
  expect((await readAll(join(home, 'a.jsonl'))).reading).toMatchObject({ nextOrdinal: 2, badLines: 1 });
});

test('whatever stands in a file, reading it returns', async () => {
  const home = temporaryHome();
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(`${text}\n`)),
    fc
      .constantFrom(META, SAID, '\n', '{"type":"event_msg","payload":null}\n')
      .map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.boolean(), async (pieces, isPacked) => {
      const path = join(home, isPacked ? 'a.jsonl.zst' : 'b.jsonl');
      writeFileSync(path, Buffer.concat(pieces));
      const { reading } = await readAll(path);
      expect(['read', 'empty', 'damaged']).toContain(reading.kind);
    }),
    { numRuns: 150 },
  );
});

test('what is written is read back', async () => {
  const home = temporaryHome();
  let file = 0;
  const clock = { now: () => 0, elapsed: () => 0 };
  const payload = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
  const line: fc.Arbitrary<RolloutLine> = fc.oneof(
    fc.record({ type: fc.constant('turn_context' as const), payload }),
    fc.record({ type: fc.constant('compacted' as const), payload }),
    fc.record({
      type: fc.constantFrom('event_msg' as const, 'response_item' as const),
      payload: payload.map((fields) => ({ ...fields, type: 'kind' })),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(line, { maxLength: 4 }), { maxLength: 6 }), async (batches) => {
      const path = join(home, `${(file += 1)}.jsonl`);
      const meta = {
        id: threadId(file),
        timestamp: '',
        cwd: '',
        originator: '',
        cli_version: '',
        source: 'exec',
        model_provider: '',
      };
      const writer = createRolloutWriter({ path, start: { kind: 'new', meta }, clock });
      await Promise.all(batches.map((batch) => writer.append(batch)));
      await writer.close();
      const written = batches.flat();
      const { reading, lines } = await readAll(path);
      const expected = [{ type: 'session_meta', payload: meta }, ...written];
      expect(reading.kind).toBe(written.length === 0 ? 'missing' : 'read');
      // JSON knows no negative zero.
      expect(lines.map((stored) => stored.line)).toEqual(
        JSON.parse(JSON.stringify(written.length === 0 ? [] : expected)),
      );
    }),
    { numRuns: 60 },
  );
});
