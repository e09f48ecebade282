import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineReader, parseLine } from './lines.ts';
import type { LinePlace } from './lines.ts';

interface Seen extends LinePlace {
  readonly text: string;
}

function readInChunks(chunks: readonly string[], { startOffset = 0, maxLineBytes = 1_000 } = {}) {
  const lines: Seen[] = [];
  const tooLong: LinePlace[] = [];
  const reader = createLineReader({
    startOffset,
    maxLineBytes,
    onLine: (line, place) => lines.push({ text: line.toString(), ...place }),
    onTooLong: (place) => tooLong.push(place),
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return { lines, tooLong };
}

test('how the text is cut into chunks makes no difference', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-c\n]*$/)), (chunks) => {
      expect(readInChunks(chunks)).toEqual(readInChunks([chunks.join('')]));
    }),
  );
});

test('lines come with number, offset and whether they ended', () => {
  expect(readInChunks(['ab\n\ncd']).lines).toEqual([
    { text: 'ab', line: 1, offset: 0, ended: true },
    { text: '', line: 2, offset: 3, ended: true },
    { text: 'cd', line: 3, offset: 4, ended: false },
  ]);
});

test('reading from the middle passes over the line that was cut, and knows no numbers', () => {
  expect(readInChunks(['b\ncd\n'], { startOffset: 10 }).lines).toEqual([
    { text: 'cd', line: undefined, offset: 12, ended: true },
  ]);
});

test('a line over the limit is told once and passed over', () => {
  const { lines, tooLong } = readInChunks(['abc', 'def', '\nok\n'], { maxLineBytes: 4 });
  expect(tooLong).toEqual([{ line: 1, offset: 0, ended: false }]);
  expect(lines.map(({ text, offset }) => [text, offset])).toEqual([['ok', 7]]);
});

test.each([
  ['{"type":"x"}', 'record'],
  ['  \t', 'blank'],
  ['{"type":', 'not_json'],
  ['[]', 'not_a_record'],
  ['null', 'not_a_record'],
  ['5', 'not_a_record'],
  ['{"a":"\0"}', 'nul_bytes'],
])('%j is %s', (text, kind) => {
  expect(parseLine(Buffer.from(text)).kind).toBe(kind);
});

test('bytes that are not UTF-8', () => {
  expect(parseLine(Buffer.from([0x7b, 0xff, 0x7d])).kind).toBe('invalid_utf8');
});
