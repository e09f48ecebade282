import fc from 'fast-check';
import { defaultTreeAdapter, parseFragment } from 'parse5';
import { expect, test } from 'vitest';
import { isSafe, visible } from '../redact/control.ts';
import { createHtmlTemplate, jsonOf, markupOf } from './html.ts';

const html = createHtmlTemplate((text) => text);

/** As it is shown: nothing of it is an error for a parser. */
const shown = (text: string): string =>
  visible(text).replaceAll(
    /\p{Noncharacter_Code_Point}/gu,
    (character) => String.raw`\u` + `{${character.codePointAt(0)?.toString(16)}}`,
  );

test('whatever a value is, it is the text and the attribute that it stands in, and nothing else', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.constantFrom('\uFFFF\u{1FFFE}\uFDD0', '"><script>', "' onload='", '&lt;', ']]>'),
      ),
      (value) => {
        const [element, ...more] = parseFragment(
          markupOf(html`<p title="${value}" class="${value}">${value}</p>`),
        ).childNodes;
        expect(more).toEqual([]);
        if (!element || !defaultTreeAdapter.isElementNode(element)) throw new Error('no element');
        expect(element.attrs).toEqual([
          { name: 'title', value: shown(value) },
          { name: 'class', value: shown(value) },
        ]);
        const text = element.childNodes
          .map((node) => (defaultTreeAdapter.isTextNode(node) ? node.value : '<'))
          .join('');
        expect(text).toBe(shown(value));
        expect(isSafe(text)).toBe(true);
      },
    ),
  ));

test('every text is cleaned before it is escaped', () => {
  const shouting = createHtmlTemplate((text) => text.replaceAll('a<b', 'HIDDEN'));
  expect(
    markupOf(shouting`<p>${'a<b'} ${['x', 'y'].map((one) => shouting`<i>${one}</i>`)}${undefined}${7}</p>`),
  ).toBe('<p>HIDDEN <i>x</i><i>y</i>7</p>');
});

test('the indentation of the source is not written', () =>
  expect(
    markupOf(
      html`<ul>
        <li>${'a\n   b'}</li>
      </ul>`,
    ),
  ).toBe('<ul>\n<li>a\n   b</li>\n</ul>'));

test('JSON in a script element ends where it ends, and is read back as it was', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('</script>', '<!--<script>', '\u2028', '\uD800', '\uFFFF\u{1FFFE}'),
      ),
      (text) => {
        const [element, ...more] = parseFragment(
          `<script type="application/json">${jsonOf({ text })}</script>`,
        ).childNodes;
        expect(more).toEqual([]);
        if (!element || !defaultTreeAdapter.isElementNode(element)) throw new Error('no element');
        const [content] = element.childNodes;
        if (!content || !defaultTreeAdapter.isTextNode(content)) throw new Error('no text');
        expect(JSON.parse(content.value)).toEqual({ text });
      },
    ),
  ));

test('JSON that is long is escaped in pieces, and no character is taken apart', () => {
  // The quotation mark of JSON moves everything by one.
  for (const shift of ['', 'x']) {
    const text = `${shift}${'<'.repeat(999_998)}\u{1F600}\u{1FFFF}${'\u{1F600}'.repeat(600_000)}\uD800`;
    const json = jsonOf(text);
    expect(json).not.toMatch(/[<\u{1FFFF}]/u);
    expect(JSON.parse(json) === text).toBe(true);
    expect(json.match(/\u{1F600}/gu)).toHaveLength(600_001);
  }
});
