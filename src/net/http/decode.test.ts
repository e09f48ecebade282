import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeContent } from './decode.ts';

const text = Buffer.from('{"data":[]}'.repeat(50));
const MAX = { maxBytes: 4_096 };

test.each([
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['zstd', zstdCompressSync(text)],
  ['gzip, br', brotliCompressSync(gzipSync(text))],
  ['identity', text],
  ['', text],
  [undefined, text],
])('%s', async (coding, bytes) =>
  expect(await decodeContent(bytes, coding, MAX)).toEqual({ bytes: text, isTruncated: false }),
);

const BOMB = Buffer.alloc(8 * 1024 * 1024);

test.each([
  ['gzip', gzipSync(BOMB)],
  ['deflate', deflateSync(BOMB)],
  ['br', brotliCompressSync(BOMB)],
  ['zstd', zstdCompressSync(BOMB)],
])('a bomb of %s is cut off', async (coding, bytes) => {
  const decoded = await decodeContent(bytes, coding, MAX);
  expect(decoded.bytes.length).toBe(MAX.maxBytes);
  expect(decoded.isTruncated).toBe(true);
});

test.each(['gzip', 'br', 'zstd'])('%s cut in the middle gives its beginning', async (coding) => {
  const long = Buffer.from(Array.from({ length: 2_000 }, (_, index) => `${index * 7919}`).join());
  const compress = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync }[coding] ?? gzipSync;
  const whole = compress(long);
  const { bytes } = await decodeContent(whole.subarray(0, whole.length - 20), coding, { maxBytes: 65_536 });
  expect(long.subarray(0, bytes.length)).toEqual(bytes);
});

test.each(['gzip', 'deflate', 'br', 'zstd', 'compress', 'gzip, gzip, gzip'])(
  'what is no %s is empty',
  async (coding) =>
    expect(await decodeContent(Buffer.alloc(40, 0xfe), coding, MAX)).toEqual({
      bytes: Buffer.alloc(0),
      isTruncated: true,
    }),
);

test('any bytes under any coding are bounded', async () => {
  const coding = fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'br, gzip');
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), coding, async (bytes, name) => {
      const decoded = await decodeContent(Buffer.from(bytes), name, MAX);
      expect(decoded.bytes.length).toBeLessThanOrEqual(MAX.maxBytes);
    }),
  );
});
