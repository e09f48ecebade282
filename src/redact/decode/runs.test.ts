import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodedRuns } from './runs.ts';

const textsIn = (bytes: Buffer): string[] =>
  Array.from(decodedRuns(bytes.toString('base64'), [0]), ({ text }) => text);

test('numbers and instructions in base64 are no text, although their bytes are ASCII', () => {
  const control = fc.constantFrom(0, 1, 2, 4, 8, 11, 14, 16, 31);
  const letters = fc.array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: 5 });
  const instruction = fc.tuple(control, control, letters).map((parts) => parts.flat());
  fc.assert(
    fc.property(fc.array(instruction, { minLength: 10, maxLength: 60 }), (instructions) => {
      expect(textsIn(Buffer.from(instructions.flat()))).toEqual([]);
    }),
  );
});

test('words of fifteen characters in base64 are text, in UTF-16 and among control characters too', () => {
  const words = fc.stringMatching(/^[ -~]{15,40}$/);
  const noise = fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 30 });
  fc.assert(
    fc.property(words, noise, noise, (text, before, behind) => {
      const surrounded = Buffer.concat([Buffer.from(before), Buffer.from(text), Buffer.from(behind)]);
      const wide = Buffer.from(text, 'utf16le');
      // Whole groups of three bytes, and less than one may be missing at either end.
      expect(textsIn(surrounded).join('')).toContain(text.slice(2, -2));
      expect(textsIn(wide).join('').replaceAll('\0', '')).toContain(text.slice(2, -2));
    }),
  );
});

test('coloured text in base64 is text', () => {
  const coloured = 'password=hunter2-hunter2'.replaceAll(/.{8}/g, '$&\u001b[36m');
  expect(textsIn(Buffer.from(coloured))).toEqual([coloured]);
});
