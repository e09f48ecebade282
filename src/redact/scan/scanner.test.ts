import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { SCAN_PROGRAM } from './program.ts';
import { createScanner } from './scanner.ts';

test('the program is the translation of its source', async () => {
  const source = await readFile(join(import.meta.dirname, 'scan.wat'), 'utf8');
  const translator = await wabt();
  const { buffer } = translator.parseWat('scan.wat', source, { simd: true }).toBinary({});
  expect(SCAN_PROGRAM).toBe(Buffer.from(buffer).toString('base64'));
});

const LITERALS = ['@', 'ab', 'sk-', 'token', '://', 'é-x', 'aba', 'PRIVATE KEY'];
const hints = LITERALS.map((literal) => ({ literal, ignoreCase: literal === 'token' }));
const scan = createScanner(hints);

/** What the scanner promises, in plain words. */
function expected(text: string): number[][] {
  return hints.map(({ literal, ignoreCase }) => {
    const places: number[] = [];
    for (let at = 0; at + literal.length <= text.length; at += 1) {
      const there = text.slice(at, at + literal.length);
      const follows =
        literal !== 'ab' || /[\w.~+/%-]/.test(String.fromCharCode(text.charCodeAt(at + 2) & 0xff));
      if ((ignoreCase ? there.toLowerCase() : there) === literal && follows) places.push(at);
    }
    return places;
  });
}

const unit = fc.constantFrom(
  ...LITERALS,
  'TOKEN',
  'Token',
  'a',
  'b',
  '/',
  ' ',
  '\n',
  'é',
  '東',
  '🙂',
  '\u001b',
);
const filler = fc.constantFrom('', 'x'.repeat(65_530), '- '.repeat(32_766));

test('finds every hint at its place, also where blocks meet', () => {
  fc.assert(
    fc.property(filler, fc.string({ unit, maxLength: 30 }), (before, after) => {
      const text = before + after;
      const { places } = scan(text);
      expect(hints.map((_, index) => (places[index] ?? []).toSorted((a, b) => a - b))).toEqual(
        expected(text),
      );
    }),
  );
});

test('says what is plain', () => {
  fc.assert(
    fc.property(filler, fc.string({ unit: 'binary', maxLength: 30 }), (before, after) => {
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      expect(scan(before + after).plain).toBe(!/[^\t\n -~]/.test(after));
    }),
  );
});

test('sees each run of base64 of 27 characters or more', () => {
  const run = fc.stringMatching(/^[A-Za-z0-9+/_-]{27,90}$/);
  fc.assert(
    fc.property(fc.nat({ max: 40 }), run, (spaces, text) => {
      const { runs } = scan(`${' '.repeat(spaces)}${text} `);
      expect(runs.length).toBeGreaterThan(0);
      expect(runs.every((place) => place >= spaces && place + 16 <= spaces + text.length)).toBe(true);
    }),
  );
  expect(scan('no run of that length in a line of words, nor a_short_name.').runs).toEqual([]);
});
