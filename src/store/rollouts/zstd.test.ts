import { randomBytes } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpack } from './zstd.ts';

const CONTENT = randomBytes(300_000);
const PACKED = zstdCompressSync(CONTENT);

async function unpacked(chunks: readonly Buffer[], most = Number.POSITIVE_INFINITY) {
  const pieces: Buffer[] = [];
  const fault = await unpack(chunks, (piece) => {
    pieces.push(piece);
    return Buffer.concat(pieces).length < most;
  });
  return { bytes: Buffer.concat(pieces), fault };
}

const inChunks = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

test('content comes back however it is cut', async () => {
  const { bytes, fault } = await unpacked(inChunks(PACKED, 7_001));
  expect(fault).toBeUndefined();
  expect(bytes.equals(CONTENT)).toBe(true);
});

test('stopping early is no fault', async () => {
  const { bytes, fault } = await unpacked(inChunks(PACKED, 10_000), 1_000);
  expect(fault).toBeUndefined();
  expect(bytes.length).toBeLessThan(CONTENT.length);
});

test.each([
  ['cut off', PACKED.subarray(0, PACKED.length - 5), 'truncated'],
  ['nothing', Buffer.alloc(0), 'truncated'],
  ['text', Buffer.from('{"timestamp":"2026-11-20"}\n'), 'corrupt'],
])('%s', async (_, bytes, kind) => {
  expect((await unpacked([bytes])).fault?.kind).toBe(kind);
});
