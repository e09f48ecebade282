import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeDatabase } from '../../../fixtures/databases.ts';
import { temporaryHome } from '../../../fixtures/home.ts';
import { parseHeader } from './header.ts';

test.each([
  ['WAL', true],
  ['DELETE', false],
] as const)('what SQLite wrote in %s mode', (journal, isWriteAhead) => {
  const path = join(temporaryHome(), 'a.sqlite');
  makeDatabase(path, { journal });
  const bytes = readFileSync(path);
  expect(parseHeader(bytes)).toEqual({
    kind: 'header',
    pageSizeBytes: 4096,
    isWriteAhead,
    pageCount: bytes.length / 4096,
    writerVersion: expect.stringMatching(/^3\.\d+\.\d+$/) as string,
  });
});

test('a page size of 65536 is stored as 1, and a stale page count does not count', () => {
  const bytes = Buffer.alloc(100);
  bytes.write('SQLite format 3\0', 'latin1');
  bytes.writeUInt16BE(1, 16);
  bytes.writeUInt32BE(9, 24);
  bytes.writeUInt32BE(77, 28);
  bytes.writeUInt32BE(8, 92);
  expect(parseHeader(bytes)).toEqual({
    kind: 'header',
    pageSizeBytes: 65_536,
    isWriteAhead: false,
    pageCount: undefined,
    writerVersion: undefined,
  });
});

test.each([
  ['nothing', Buffer.alloc(0), true],
  ['zeros', Buffer.alloc(100), true],
  ['text', Buffer.from('x'.repeat(100)), false],
  ['the magic alone', Buffer.from('SQLite format 3\0'), false],
])('%s is no header', (_name, bytes, allZero) => {
  expect(parseHeader(bytes)).toEqual({ kind: 'foreign', allZero });
});

test('no bytes make the parser fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 84, maxLength: 84 }), (rest) => {
      const bytes = Buffer.concat([Buffer.from('SQLite format 3\0'), rest]);
      expect(parseHeader(bytes).kind).toBe('header');
    }),
  );
});
