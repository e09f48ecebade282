import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachLine } from './lines.ts';
import { toldIn } from './told.ts';

test.each<[string, unknown]>([
  ['{"kind":"begun"}', { kind: 'begun' }],
  ['{"kind":"verdict","verdict":null}', { kind: 'verdict', verdict: null }],
  [
    '{"kind":"failed","message":"boom","reason":"missing"}',
    { kind: 'failed', message: 'boom', reason: 'missing' },
  ],
  ['{"kind":"failed","message":"boom","reason":"mood"}', undefined],
  ['{"kind":"failed","message":7}', undefined],
  ['{"kind":"report","status":"ok"}', undefined],
  ['[]', undefined],
  ['null', undefined],
  ['no JSON', undefined],
  ['', undefined],
])('a line %s', (line, told) => {
  expect(toldIn(line)).toEqual(told);
});

test("a plugin's words are shortened to what stands in a row", () => {
  expect(toldIn(JSON.stringify({ kind: 'failed', message: 'x'.repeat(1_000_000) }))).toMatchObject({
    message: 'x'.repeat(2_000),
  });
});

test('lines are whole, however they are cut; what has no end is none', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))),
      fc.integer({ min: 1, max: 7 }),
      async (texts, size) => {
        const stream = new PassThrough();
        const lines: string[] = [];
        let bytes = 0;
        eachLine(stream, {
          onLine: (line) => void lines.push(line),
          onBytes: (count) => {
            bytes += count;
          },
        });
        const whole = Buffer.from(`${texts.map((text) => `${text}\n`).join('')}rest`);
        for (let start = 0; start < whole.length; start += size)
          stream.write(whole.subarray(start, start + size));
        stream.end();
        await new Promise((resolve) => void stream.on('end', resolve));
        expect(lines).toEqual(texts);
        expect(bytes).toBe(whole.length);
      },
    ),
    { numRuns: 50 },
  );
});
