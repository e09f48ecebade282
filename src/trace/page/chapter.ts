import { formatCount, formatElapsed } from '../../host/units.ts';
import { authDetails } from './auth-details.ts';
import { createAxis, gridOf } from './axis.ts';
import type { Axis, Grid } from './axis.ts';
import type { PageContext } from './context.ts';
import type { Html } from '../../page/html.ts';
import { textOfItem } from './item-text.ts';
import { lookUp } from './names.ts';
import { percent, statusMark, stepRow } from './step-row.ts';
import type { Chapter, Step } from './story.ts';
import { sumTokens, tokenText } from './tokens.ts';

/** What a user asked for is read at a glance. */
const PROMPT_CHARACTERS = 600;

export interface ChapterParts {
  readonly chapter: Chapter;
  /** Those of its steps that have a row. */
  readonly shown: readonly Step[];
}

/** A turn: what was asked, its waterfall on an axis of its own, and what was known of authentication at its end. */
export function* chapterSection(page: PageContext, { chapter, shown }: ChapterParts): Generator<Html> {
  const { html, excerpt } = page;
  const { number, turn } = chapter;
  const endMs = chapter.endMs ?? lastMoment(chapter);
  const grid = gridOf(endMs - chapter.startMs);
  const axis = createAxis([{ startMs: chapter.startMs, endMs: chapter.startMs + grid.stepMs * grid.count }]);
  const prompt = promptOf(page, chapter);
  yield html`<section class="turn ${chapter.status}" id="t${number}" aria-labelledby="h${number}">
    <div class="head">
      <h3 id="h${number}"><a href="#t${number}">${titleOf(chapter)}</a></h3>
      ${turn === null ? html`` : statusMark(page, chapter.status)}
      <p class="facts">${factsOf(page, chapter)}</p>
    </div>
    ${prompt === '' ? html`` : html`<blockquote><span class="said" dir="auto">${excerpt(prompt, PROMPT_CHARACTERS)}</span></blockquote>`}
   `;
  if (shown.length > 0) {
    yield html`<div class="fall g${grid.count}">
      ${axisLine(page, axis, grid)}
      <ol class="steps" aria-label="Steps of ${titleOf(chapter)}, in the order in which they began">
     `;
    for (const step of shown) yield stepRow(page, step, axis);
    yield html`</ol></div>
`;
  }
  const rest = chapter.steps.length - shown.length;
  yield html`${rest > 0 ? html`<p class="left-out">${formatCount(rest, 'shorter step')} left out here.</p>` : html``}
${
  turn?.auth_facts
    ? html`<details class="known">
        <summary>What was known of authentication at the end of this turn</summary>
        ${authDetails(page, turn.auth_facts)}
      </details>`
    : html``
}
</section>
`;
}

export const titleOf = ({ turn, number, thread }: Chapter): string =>
  turn === null ? `Outside of turns, ${thread.name}` : `Turn ${number}, ${thread.name}`;

function factsOf({ html, trace }: PageContext, { startMs, endMs, steps, turn }: Chapter): Html {
  const calls = steps.flatMap(({ subject }) => (subject.kind === 'inference' ? [subject.call] : []));
  const tools = steps.filter(({ subject }) => 'tool' in subject).length;
  const facts = [
    `at +${formatElapsed(startMs - trace.started_at_unix_ms)}`,
    endMs === null ? 'without an end' : formatElapsed(endMs - startMs),
    formatCount(calls.length, 'model call'),
    formatCount(tools, 'tool call'),
    ...(calls.some(({ usage }) => usage !== null)
      ? [tokenText(sumTokens(calls.map(({ usage }) => usage)))]
      : []),
  ];
  return html`${facts.join(' · ')}${turn === null ? html`` : html` <code class="id">${turn.codex_turn_id}</code>`}`;
}

/** The user's words, which are the last messages of a user that the turn was given. */
function promptOf({ trace }: PageContext, { turn }: Chapter): string {
  const items = (turn?.input_item_ids ?? []).flatMap((id) => lookUp(trace.conversation_items, id) ?? []);
  const last = items.findLast(({ kind, role }) => kind === 'message' && role === 'user');
  return last ? textOfItem(last) : '';
}

const lastMoment = ({ startMs, steps }: Chapter): number =>
  steps.reduce((last, step) => Math.max(last, step.endMs ?? step.startMs), startMs);

function axisLine({ html }: PageContext, axis: Axis, { stepMs, count }: Grid): Html {
  const labels = Array.from({ length: count }, (_, index) => {
    const place = axis.at(axis.startMs + index * stepMs);
    return html`<text x="${percent(place)}" dx="4" y="12">${formatElapsed(index * stepMs)}</text>`;
  });
  return html`<div class="axis" aria-hidden="true"><svg focusable="false">${labels}</svg></div>`;
}
