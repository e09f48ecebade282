import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haystacksOf, isSafe, visible, visibleInOneLine } from './control.ts';

describe('visible', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', String.raw`\u001b[31mred\u001b[0m`],
    ['\u001b]0;title\u0007', String.raw`\u001b]0;title\u0007`],
    ['a\u0000b\u007fc\u009bd', String.raw`a\u0000b\u007fc\u009bd`],
    ['abc\u202ecod.exe', String.raw`abc\u202ecod.exe`],
    ['\u2066x\u2069', String.raw`\u2066x\u2069`],
    ['zero\u200bwidth\ufeff', String.raw`zero\u200bwidth\ufeff`],
    ['a\u2028b', String.raw`a\u2028b`],
    ['\ud800', String.raw`\ud800`],
    ['\u{e0041}', String.raw`\u{e0041}`],
    ['over\rwritten', String.raw`over\u000dwritten`],
    ['dos\r\nline', 'dos\nline'],
    ['tab\tline\n', 'tab\tline\n'],
    ['naïve 東京 🙂', 'naïve 東京 🙂'],
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves nothing unsafe, and changes nothing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visible(text);
        expect(isSafe(shown)).toBe(true);
        expect(visible(shown)).toBe(shown);
        expect(visibleInOneLine(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });
});

describe('haystacks', () => {
  it('are the text itself where nothing is in the way', () => {
    expect(haystacksOf('plain\ntext').map(({ text }) => text)).toEqual(['plain\ntext']);
  });

  it('show words that control characters separate, and words that they split', () => {
    expect(haystacksOf('a\u0007b\u001b[1mc').map(({ text }) => text)).toEqual(['a b [1mc', 'abc']);
    expect(haystacksOf(String.raw`a\u001b[1mc`).map(({ text }) => text)).toEqual([
      String.raw`a\u001b[1mc`,
      'ac',
    ]);
  });

  it('know where each character came from', () => {
    const unit = fc.constantFrom('a', 'b', '\u001b[1m', '\u0000', '\u200b', '\r\n', '🙂');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        for (const { text: haystack, originalOffset } of haystacksOf(text)) {
          const offsets = [...haystack.matchAll(/[ab]/g)].map(({ index }) => index);
          const found = offsets.map((offset) => text.charAt(originalOffset(offset)));
          expect(found).toEqual(offsets.map((offset) => haystack.charAt(offset)));
        }
      }),
    );
    expect.hasAssertions();
  });
});
