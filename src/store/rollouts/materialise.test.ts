import { readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryHome } from '../../../fixtures/home.ts';
import { materialise } from './materialise.ts';

test('a compressed rollout becomes a plain one with its time', async () => {
  const home = temporaryHome({ 'a.jsonl.zst': zstdCompressSync('{"a":1}\n') });
  const packed = join(home, 'a.jsonl.zst');
  utimesSync(packed, 1_000, 2_000);
  const plain = await materialise(packed);
  expect(readdirSync(home)).toEqual(['a.jsonl']);
  expect(readFileSync(plain, 'utf8')).toBe('{"a":1}\n');
  expect(statSync(plain).mtimeMs).toBe(2_000_000);
  expect(await materialise(plain)).toBe(plain);
});

test('a damaged one stays as it is', async () => {
  const home = temporaryHome({ 'a.jsonl.zst': 'not compressed' });
  await expect(materialise(join(home, 'a.jsonl.zst'))).rejects.toThrow(/frame|unknown/i);
  expect(readdirSync(home)).toEqual(['a.jsonl.zst']);
});
