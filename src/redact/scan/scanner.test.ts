import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { eachUnsafe, isSafe } from '../control.ts';
import { encoded } from './encoder.ts';
import { SCAN_PROGRAM } from './program.ts';
import { createScanner } from './scanner.ts';

test('the program is the translation of its source', async () => {
  const source = await readFile(join(import.meta.dirname, 'scan.wat'), 'utf8');
  const translator = await wabt();
  const { buffer } = translator.parseWat('scan.wat', source, { simd: true }).toBinary({});
  expect(SCAN_PROGRAM).toBe(Buffer.from(buffer).toString('base64'));
});

const LITERALS = ['@', 'ab', 'sk-', 'token', '://', 'é-x', 'aba', 'PRIVATE KEY'];
const hints = LITERALS.map((literal, index) => ({
  literal,
  ignoreCase: literal === 'token',
  isInName: false,
  lists: [index],
}));
const scan = createScanner(hints);

/** What the scanner promises, in plain words. */
function expected(text: string): number[][] {
  return hints.map(({ literal, ignoreCase }) => {
    const places: number[] = [];
    for (let at = 0; at + literal.length <= text.length; at += 1) {
      const there = text.slice(at, at + literal.length);
      const follows = literal !== 'ab' || /[\w.~+/%-]/.test(text.charAt(at + 2));
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
      expect(hints.map((_, index) => places[index] ?? [])).toEqual(expected(text));
    }),
  );
});

const indexesOf = (text: string, pattern: RegExp): number[] =>
  Array.from(text.matchAll(pattern), ({ index }) => index);

test('a blank in a hint stands for what has to be made visible', () => {
  const split = fc.constantFrom('\u001b', '\u200b', '\u0000', '\u{e0041}', '\ud83d', ' ', '-', '🙂');
  fc.assert(
    fc.property(
      fc.constantFrom('', '- '.repeat(32_765)),
      fc.nat({ max: 12 }),
      split,
      (before, shift, sign) => {
        const text = `${before}${'.'.repeat(shift)}PRIVATE${sign}KEY`;
        const isThere = sign.length === 1 && (sign === ' ' || !isSafe(sign));
        const place = text.indexOf('PRIVATE');
        expect(scan(text).places[LITERALS.indexOf('PRIVATE KEY')]).toEqual(isThere ? [place] : undefined);
      },
    ),
  );
});

test('tells what has to be made visible, and what invalid bytes became', () => {
  const text = fc.string({
    unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), unit),
    maxLength: 30,
  });
  const halves = fc.constantFrom('', '\ud83d', '\ude42', '\u{e0041}', '\ufffd');
  fc.assert(
    fc.property(filler, text, halves, text, (before, first, half, second) => {
      const all = before + first + half + second;
      const { unsafe, invalid } = scan(all);
      expect({ unsafe, invalid }).toEqual({
        unsafe: indexesOf(all, eachUnsafe(all)),
        invalid: indexesOf(all, /\ufffd/g),
      });
    }),
    { numRuns: 1_000 },
  );
});

test('encodes text as Node does', () => {
  const text = fc.string({
    unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), unit),
    maxLength: 60,
  });
  const half = fc.constantFrom('', '\ud83d', '\ude42');
  fc.assert(
    fc.property(filler, text, half, text, (before, first, middle, second) => {
      const all = before + first + middle + second + before;
      expect(Buffer.concat(encoded(all)).equals(Buffer.from(all))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

const ENCODINGS = ['base64', 'base64url', 'hex'] as const;

test('sees text in base64 and hexadecimal of 27 characters or more, wherever it begins', () => {
  const words = fc.stringMatching(/^[ -~\n]{21,60}$/);
  const before = fc.stringMatching(/^[A-Za-z0-9 .=]{0,40}$/);
  fc.assert(
    fc.property(before, words, fc.constantFrom(...ENCODINGS), (text, inside, encoding) => {
      const { encoded: places } = scan(`${text}${Buffer.from(inside).toString(encoding)} `);
      expect(places.some((place) => place + 16 > text.length)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('sees nothing in digests, identifiers and words', () => {
  const text = `commit 9fceb02d0ae598e95dc970b74767f19372d61af8 of 019a2b3c-4d5e-7f60-8192-a3b4c5d6e7f8, a_name_of_some_length.
    sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==`;
  expect(scan(text).encoded).toEqual([]);
});

const inName = createScanner([{ literal: 'token', ignoreCase: true, isInName: true, lists: [0] }]);
/** In plain words: the rest of the name, quotes and brackets, then a blank, an assignment or a comma. */
const VALUE_MAY_FOLLOW = /^token(?![A-Za-z0-9])[\w-]{0,40}["'`\\)\]]{0,8}(?:[\0- =:,]|[^ -~])/i;

const signs = fc.array(
  fc.constantFrom(
    ...'token Token a _ - 7 " \\ ) ] = : , . ( é'.split(' '),
    "'",
    ' ',
    '\u00a0',
    '\n',
    's'.repeat(40),
  ),
  { maxLength: 30 },
);

function namesWithValue(text: string): number[] {
  const all = Array.from(text.matchAll(/token/gi), ({ index }) => index);
  return all.filter((place) => VALUE_MAY_FOLLOW.test(`${text.slice(place)} `));
}

test('a hint in a name stands only where a value may follow the name', () => {
  fc.assert(
    fc.property(signs, (pieces) => {
      const text = pieces.join('');
      expect(inName(text).places[0] ?? []).toEqual(namesWithValue(text));
    }),
    { numRuns: 1_000 },
  );
});

test('where blocks meet, no hint in a name is missed', () => {
  fc.assert(
    fc.property(filler, signs, (before, pieces) => {
      const text = before + pieces.join('');
      expect(inName(text).places[0] ?? []).toEqual(expect.arrayContaining(namesWithValue(text)));
    }),
  );
});
