import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InputImage, InputText } from '../protocol/item.ts';
import {
  WIDE_ALLOWANCE,
  approximateTokens,
  scaledPolicy,
  truncateContent,
  truncateOutput,
  truncateText,
} from './truncate.ts';

const MARK = /…(\d+) (tokens|chars) truncated…/;
const policies = fc.record({
  mode: fc.constantFrom('bytes' as const, 'tokens' as const),
  limit: fc.nat({ max: 60 }),
});
// Without "…", so that the mark is found; with characters of one to four bytes.
const texts = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '😀', '\n', ' '), maxLength: 200 });
const textItem = (text: string): InputText => ({ type: 'input_text', text });
const IMAGE: InputImage = { type: 'input_image', image_url: `data:image/png;base64,${'A'.repeat(5000)}` };

describe('truncateText', () => {
  test('keeps the first and the last half, and says how many tokens are gone', () => {
    const text = `${'a'.repeat(100)}${'b'.repeat(100)}`;
    expect(truncateText(text, { mode: 'tokens', limit: 10 })).toBe(
      `${'a'.repeat(20)}…40 tokens truncated…${'b'.repeat(20)}`,
    );
    expect(truncateText(text, { mode: 'bytes', limit: 5 })).toBe('aa…195 chars truncated…bbb');
  });

  test('an allowance of nothing leaves the mark alone', () => {
    expect(truncateText('abcdefgh', { mode: 'tokens', limit: 0 })).toBe('…2 tokens truncated…');
    expect(truncateText('', { mode: 'tokens', limit: 0 })).toBe('');
  });

  test('a text within the policy comes back as it is', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const tokens = approximateTokens(text);
        expect(truncateText(text, { mode: 'tokens', limit: tokens })).toBe(text);
        expect(truncateText(text, { mode: 'bytes', limit: Buffer.byteLength(text) })).toBe(text);
      }),
    );
  });

  test('never more than the limit, never half a character, always a beginning and an end of the text', () => {
    fc.assert(
      fc.property(texts, policies, (text, policy) => {
        const cut = truncateText(text, policy);
        const maxBytes = policy.mode === 'tokens' ? policy.limit * 4 : policy.limit;
        if (Buffer.byteLength(text) <= maxBytes) return cut === text;
        const mark = MARK.exec(cut);
        const head = cut.slice(0, mark?.index);
        const tail = cut.slice((mark?.index ?? 0) + (mark?.[0].length ?? 0));
        expect(mark?.[2]).toBe(policy.mode === 'tokens' ? 'tokens' : 'chars');
        expect(Buffer.byteLength(head + tail)).toBeLessThanOrEqual(maxBytes);
        // What is missing to the limit is less than one character at either cut.
        expect(Buffer.byteLength(head + tail)).toBeGreaterThan(maxBytes - 7);
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
        const removedCharacters = Array.from(text).length - Array.from(head + tail).length;
        const removedTokens = Math.ceil((Buffer.byteLength(text) - maxBytes) / 4);
        expect(Number(mark?.[1])).toBe(policy.mode === 'bytes' ? removedCharacters : removedTokens);
        return true;
      }),
    );
  });
});

describe('truncateOutput', () => {
  test('a cut text begins with its number of lines, an uncut one does not', () => {
    const text = 'one\ntwo\nthree\n';
    expect(truncateOutput(text, { mode: 'bytes', limit: 4 })).toBe(
      'Total output lines: 3\n\non…10 chars truncated…e\n',
    );
    expect(truncateOutput(text, { mode: 'bytes', limit: 100 })).toBe(text);
    expect(truncateOutput('one\ntwo', { mode: 'bytes', limit: 0 })).toMatch(/^Total output lines: 2\n/);
  });
});

describe('truncateContent', () => {
  test('texts share one allowance: the one that passes it is cut, the surplus becomes one note', () => {
    const items = [textItem('a'.repeat(12)), textItem('b'.repeat(40)), textItem('c'), textItem('d')];
    expect(truncateContent(items, { mode: 'tokens', limit: 5 })).toEqual([
      textItem('a'.repeat(12)),
      textItem(`${'b'.repeat(4)}…8 tokens truncated…${'b'.repeat(4)}`),
      textItem('[2 more text items were left out]'),
    ]);
  });

  test('trap 24: images cost nothing and are never cut', () => {
    const items = [IMAGE, textItem('a'.repeat(8)), IMAGE, textItem('b'), IMAGE];
    expect(truncateContent(items, { mode: 'tokens', limit: 2 })).toEqual([
      IMAGE,
      textItem('a'.repeat(8)),
      IMAGE,
      IMAGE,
      textItem('[1 more text items were left out]'),
    ]);
  });

  test('what fits is unchanged, and one text is cut like any text', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 5 }), (list) => {
        const items = list.map(textItem);
        const bytes = Buffer.byteLength(list.join(''));
        expect(truncateContent(items, { mode: 'bytes', limit: bytes })).toEqual(items);
      }),
    );
    expect(truncateContent('abcdefgh', { mode: 'bytes', limit: 2 })).toBe('a…6 chars truncated…h');
  });
});

test('history and MCP get a fifth more than the policy', () => {
  expect(scaledPolicy({ mode: 'tokens', limit: 10_000 }, WIDE_ALLOWANCE)).toEqual({
    mode: 'tokens',
    limit: 12_000,
  });
});
