import type { PageContext } from './context.ts';
import type { Html } from '../../page/html.ts';
import { nameOfItem, textOfItem } from './item-text.ts';
import { lookUp } from './names.ts';

/** Of a message or a call: enough to know what it was about. */
const ITEM_CHARACTERS = 1_200;
/** Of one direction of one call. */
const MAX_ITEMS = 12;

/** Items of a conversation by their ids; those that the trace does not know are not told. */
export function itemList(page: PageContext, title: string, ids: readonly string[]): Html {
  const { html, trace, excerpt } = page;
  const items = ids.flatMap((id) => lookUp(trace.conversation_items, id) ?? []);
  if (items.length === 0) return html``;
  const rest = items.length - MAX_ITEMS;
  return html`<section class="items">
    <h5>${title}</h5>
    <ol>
      ${items.slice(0, MAX_ITEMS).map(
        (item) =>
          html`<li>
            <span class="label">${nameOfItem(item)}</span>
            <span class="said" dir="auto">${excerpt(textOfItem(item), ITEM_CHARACTERS)}</span>
          </li>`,
      )}
    </ol>
    ${rest > 0 ? html`<p class="quiet">and ${rest} more</p>` : html``}
  </section>`;
}

/** Steps by their ids; those without a row are named. */
export function linksTo({ html, rows }: PageContext, ids: readonly string[]): Html | undefined {
  if (ids.length === 0) return undefined;
  return html`${ids.slice(0, MAX_ITEMS).map((id) => {
    const row = rows.get(id);
    return row === undefined ? html`<bdi>${id}</bdi> ` : html`<a href="#s${row}"><bdi>${id}</bdi></a> `;
  })}`;
}

/** Payload files by their ids; an id that the trace does not explain is told as it is. */
export function payloads(page: PageContext, ids: readonly (string | null)[]): Html {
  const { html, trace } = page;
  const references = [...new Set(ids)].flatMap((id) => {
    const reference = lookUp(trace.raw_payloads, id);
    return reference ? [reference] : [];
  });
  if (references.length === 0) return html``;
  return html`<section class="payloads">
    <h5>Raw payloads</h5>
    ${references.slice(0, MAX_ITEMS).map((reference) => page.payload(reference))}
  </section>`;
}
