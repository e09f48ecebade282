import { formatElapsed, formatNumber } from '../../host/units.ts';
import type { ChapterParts } from './chapter.ts';
import type { PageContext } from './context.ts';
import type { Html } from '../../page/html.ts';
import { textOfItem } from './item-text.ts';
import { lookUp, threadOfAnchor } from './names.ts';
import { KIND_NAMES } from './step-row.ts';
import { titleOf } from './chapter.ts';
import type { Story } from './story.ts';

const CELL_CHARACTERS = 80;
const CARRIED_CHARACTERS = 300;
/** As many as anybody reads. */
export const MAX_EDGES = 200;

/** What went from agent to agent. */
export function edgesTable(page: PageContext, { edges, threads }: Story): Html {
  const { html, trace, excerpt } = page;
  if (edges.length === 0) return html``;
  const nameOf = (id: string | undefined): string =>
    threads.find(({ thread }) => thread.thread_id === id)?.name ?? 'an unknown thread';
  const rest = edges.length - MAX_EDGES;
  return html`<section aria-labelledby="edges">
    <h2 id="edges">Between agents</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="edges">
      <table>
        <thead>
          <tr>
            <th scope="col">after</th>
            <th scope="col">what</th>
            <th scope="col">from</th>
            <th scope="col">to</th>
            <th scope="col">carried</th>
          </tr>
        </thead>
        <tbody>
          ${edges.slice(0, MAX_EDGES).map((edge) => {
            const carried = edge.carried_item_ids
              .flatMap((id) => lookUp(trace.conversation_items, id) ?? [])
              .map(textOfItem)
              .join('\n');
            return html`<tr>
              <td class="number">${formatElapsed(edge.started_at_unix_ms - trace.started_at_unix_ms)}</td>
              <th scope="row">${edge.kind.replaceAll('_', ' ')}</th>
              <td><bdi>${excerpt(nameOf(threadOfAnchor(trace, edge.source)), CELL_CHARACTERS)}</bdi></td>
              <td><bdi>${excerpt(nameOf(threadOfAnchor(trace, edge.target)), CELL_CHARACTERS)}</bdi></td>
              <td dir="auto">${excerpt(carried, CARRIED_CHARACTERS)}</td>
            </tr> `;
          })}
        </tbody>
      </table>
    </div>
    ${rest > 0 ? html`<p class="left-out">${rest} more were left out.</p>` : html``}
  </section> `;
}

/** The waterfall as a table, for those who listen to it, and for spreadsheets. */
export function* stepsTable(page: PageContext, parts: readonly ChapterParts[]): Generator<Html> {
  const { html, trace, excerpt } = page;
  yield html`<section aria-labelledby="table">
    <h2 id="table">As a table</h2>
    <details class="table">
      <summary>All steps of this page, one a row</summary>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="table">
        <table>
          <thead>
            <tr>
              <th scope="col">turn</th>
              <th scope="col">kind</th>
              <th scope="col">step</th>
              <th scope="col">after, ms</th>
              <th scope="col">took, ms</th>
              <th scope="col">status</th>
              <th scope="col">tokens in</th>
              <th scope="col">tokens out</th>
              <th scope="col">id</th>
            </tr>
          </thead>
          <tbody>
   `;
  for (const { chapter, shown } of parts)
    for (const step of shown) {
      const usage = step.subject.kind === 'inference' ? step.subject.call.usage : null;
      yield html`<tr>
        <td>${titleOf(chapter)}</td>
        <td>${KIND_NAMES[step.subject.kind]}</td>
        <th scope="row">
          <a href="#s${step.number}"><bdi>${excerpt(step.title, CELL_CHARACTERS)}</bdi></a>
        </th>
        <td class="number">${step.startMs - trace.started_at_unix_ms}</td>
        <td class="number">${step.endMs === null ? '' : step.endMs - step.startMs}</td>
        <td>${step.status}</td>
        <td class="number">${usage ? formatNumber(usage.input_tokens) : ''}</td>
        <td class="number">${usage ? formatNumber(usage.output_tokens) : ''}</td>
        <td><bdi>${excerpt(step.id, CELL_CHARACTERS)}</bdi></td>
      </tr> `;
    }
  yield html`</tbody></table></div></details></section>
`;
}
