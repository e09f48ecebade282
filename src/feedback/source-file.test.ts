import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../fixtures/home.ts';
import { SourceFault } from './item.ts';
import { readSourceFile } from './source-file.ts';

const faultOf = async (path: string): Promise<string> => {
  try {
    await buffer(readSourceFile(path));
  } catch (error) {
    if (error instanceof SourceFault) return error.message;
  }
  return 'none';
};

test('what is no regular file is not read, and nobody waits for it', async () => {
  const home = temporaryHome({ 'secret.txt': 'x' });
  execFileSync('mkfifo', [join(home, 'pipe.jsonl')]);
  symlinkSync(join(home, 'secret.txt'), join(home, 'link.jsonl'));
  expect(await faultOf(join(home, 'pipe.jsonl'))).toBe('it is no regular file');
  expect(await faultOf(join(home, 'link.jsonl'))).toBe('it is a link');
  expect(await faultOf(home)).toBe('it is no regular file');
  expect(await faultOf(join(home, 'gone'))).toBe('ENOENT');
});

test('bytes come out as they stand there, packed or not', async () => {
  const home = temporaryHome();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
      writeFileSync(join(home, 'a.jsonl'), bytes);
      writeFileSync(join(home, 'b.jsonl.zst'), zstdCompressSync(bytes));
      expect(await buffer(readSourceFile(join(home, 'a.jsonl')))).toEqual(Buffer.from(bytes));
      expect(await buffer(readSourceFile(join(home, 'b.jsonl.zst')))).toEqual(Buffer.from(bytes));
    }),
    { numRuns: 20 },
  );
});

test('of a packed file that ends early the beginning comes out', async () => {
  const home = temporaryHome();
  const path = join(home, 'a.jsonl.zst');
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => `line ${index}\n`).join(''));
  const packed = zstdCompressSync(content);
  writeFileSync(path, packed);
  truncateSync(path, Math.floor(packed.length * 0.75));
  const pieces: Uint8Array[] = [];
  await expect(
    (async () => {
      for await (const piece of readSourceFile(path)) pieces.push(piece);
    })(),
  ).rejects.toThrow('the compressed file ends early');
  const got = Buffer.concat(pieces);
  expect(got.length).toBeGreaterThan(100_000);
  expect(got).toEqual(content.subarray(0, got.length));
});

test('a file that is no zstd is damaged', async () => {
  const home = temporaryHome({ 'a.jsonl.zst': 'plain text' });
  expect(await faultOf(join(home, 'a.jsonl.zst'))).toMatch(/^the compressed file is damaged \(ZSTD/);
});
