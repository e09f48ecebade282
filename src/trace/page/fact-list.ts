import type { PageContext } from './context.ts';
import type { Html } from '../../page/html.ts';

/** A name and what is known under it; nothing is known of an empty text. */
export type Fact = readonly [name: string, value: string | Html | null | undefined];

/** Longer values are texts, which stand on their own. */
const VALUE_CHARACTERS = 400;

/** Facts as a list of names and values, without those that nothing is known of. */
export function factList({ html, excerpt }: PageContext, facts: readonly Fact[]): Html {
  const known = facts.flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [{ name, value }],
  );
  return html`<dl>
    ${known.map(
      ({ name, value }) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${typeof value === 'string' ? html`<bdi>${excerpt(value, VALUE_CHARACTERS)}</bdi>` : value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** A text of several lines, which can be scrolled with the keyboard. */
export const textBlock = (
  { html, excerpt }: PageContext,
  { title, text, limit }: { readonly title: string; readonly text: string; readonly limit: number },
): Html =>
  text.trim() === ''
    ? html``
    : html`<figure>
        <figcaption>${title}</figcaption>
        <pre dir="auto" tabindex="0">${excerpt(text, limit)}</pre>
      </figure>`;
