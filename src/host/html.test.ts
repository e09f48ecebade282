import fc from 'fast-check';
import { defaultTreeAdapter, parseFragment } from 'parse5';
import { expect, test } from 'vitest';
import { isSafe, visible } from '../redact/control.ts';
import { createHtmlTemplate, markupOf } from './html.ts';

const html = createHtmlTemplate((text) => text);

test('whatever a value is, it is the text and the attribute that it stands in, and nothing else', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.constantFrom('"><script>', "' onload='", '&lt;', ']]>'),
      ),
      (value) => {
        const [element, ...more] = parseFragment(
          markupOf(html`<p title="${value}" class="${value}">${value}</p>`),
        ).childNodes;
        expect(more).toEqual([]);
        if (!element || !defaultTreeAdapter.isElementNode(element)) throw new Error('no element');
        expect(element.attrs).toEqual([
          { name: 'title', value: visible(value) },
          { name: 'class', value: visible(value) },
        ]);
        const text = element.childNodes
          .map((node) => (defaultTreeAdapter.isTextNode(node) ? node.value : '<'))
          .join('');
        expect(text).toBe(visible(value));
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
