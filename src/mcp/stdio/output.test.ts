import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineReader, TextStart, TextTail } from './output.ts';

const chunks = fc.array(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)));

test('start and tail are those of the whole, however it is cut', () => {
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 40 }), (parts, size) => {
      const [start, tail] = [new TextStart(size), new TextTail(size)];
      for (const part of parts) {
        start.add(part);
        tail.add(part);
      }
      const whole = Buffer.concat(parts);
      expect(start.text).toBe(whole.subarray(0, size).toString('utf8'));
      expect(tail.text).toBe(whole.subarray(-size).toString('utf8'));
    }),
  );
});

test('lines are those of the whole, however it is cut', () => {
  const lines = fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '')));
  fc.assert(
    fc.property(lines, fc.array(fc.nat(50)), (texts, cuts) => {
      const whole = Buffer.from(texts.map((text) => `${text}\n`).join(''));
      const reader = new LineReader(10_000);
      const positions = [0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].toSorted(
        (one, other) => one - other,
      );
      const read = positions.slice(1).map((end, index) => reader.add(whole.subarray(positions[index], end)));
      expect(read.flatMap((some) => some?.map(String) ?? 'too long')).toEqual(texts);
    }),
  );
});

test('a line may be as long as allowed and not longer', () => {
  const reader = new LineReader(4);
  expect(reader.add(Buffer.from('1234'))).toEqual([]);
  expect(reader.add(Buffer.from('5'))).toBeUndefined();
  expect(new LineReader(4).add(Buffer.from('12\n3456'))?.map(String)).toEqual(['12']);
});
