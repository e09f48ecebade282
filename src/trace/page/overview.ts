import { barOf, createAxis, ticksOf } from './axis.ts';
import type { Axis, TimeWindow } from './axis.ts';
import type { PageContext } from './context.ts';
import { formatElapsed } from '../../host/units.ts';
import type { Html } from '../../page/html.ts';
import { threadOfAnchor } from './names.ts';
import { barWidth, percent } from './step-row.ts';
import type { ChapterParts } from './chapter.ts';
import { titleOf } from './chapter.ts';
import type { Step, Story } from './story.ts';

/** Heights of a lane from its upper edge, in CSS pixels. */
const LANE = 62;
const NAME_AT = 14;
const TURN_AT = 20;
const TURN_HEIGHT = 36;
const MODEL_AT = 25;
const TOOL_AT = 40;
const STEP_HEIGHT = 11;
const AXIS = 22;
/** More agents than this do not fit onto a screen. */
export const MAX_LANES = 24;

/**
 * Everything on one axis of time: a lane for each agent with its turns, model calls above tools, and what went between
 * agents. A picture for eyes; the tables say the same.
 */
export function* overview(
  page: PageContext,
  { story, parts }: { readonly story: Story; readonly parts: readonly ChapterParts[] },
): Generator<Html> {
  const { html } = page;
  const lanes = Math.min(MAX_LANES, story.threads.length);
  const axis = overviewAxis(page, story);
  const height = AXIS + lanes * LANE;
  yield html`<div class="overview">
    <svg role="presentation" aria-hidden="true" focusable="false" height="${height}">
      ${ticksOf(axis).map(
        ({ at, offsetMs }) =>
          html`<line
              class="tick"
              x1="${percent(at)}"
              x2="${percent(at)}"
              y1="${AXIS - 6}"
              y2="${height}"
            /><text class="tick" x="${percent(at)}" dx="4" y="12">${formatElapsed(offsetMs)}</text>`,
      )}${axis.breaks.map(
        ({ from, to, fromMs, toMs }) =>
          html`<rect
              class="break"
              x="${percent(from)}"
              y="${AXIS - 6}"
              width="${percent(to - from)}"
              height="${height}"
              ><title>nothing for ${formatElapsed(toMs - fromMs)}</title></rect
            ><text class="tick" text-anchor="middle" x="${percent((from + to) / 2)}" y="${height - 6}"
              >⋯</text
            >`,
      )}
   `;
  for (const { name, lane } of story.threads.slice(0, MAX_LANES))
    yield html`<text class="lane" x="4" y="${laneTop(lane) + NAME_AT}">${name}</text>`;
  for (const { chapter, shown } of parts) {
    const { lane } = chapter.thread;
    const bar = barOf(axis, chapter);
    if (lane >= MAX_LANES || !bar) continue;
    yield html`<a href="#t${chapter.number}" tabindex="-1"
      ><title>${titleOf(chapter)}: ${chapter.status}</title
      ><rect
        class="turn ${chapter.status}"
        x="${percent(bar.left)}"
        y="${laneTop(lane) + TURN_AT}"
        width="${barWidth(bar.width)}"
        height="${TURN_HEIGHT}"
        rx="4"
      />${shown.map((step) => stepBar(page, { axis, step, lane }))}</a
    > `;
  }
  for (const edge of story.edges) {
    const [from, to] = [edge.source, edge.target].map((anchor) => {
      const id = threadOfAnchor(page.trace, anchor);
      return story.threads.find(({ thread }) => thread.thread_id === id)?.lane ?? MAX_LANES;
    });
    if (from === undefined || to === undefined || from >= MAX_LANES || to >= MAX_LANES) continue;
    const [x, end] = [
      axis.at(edge.started_at_unix_ms),
      axis.at(edge.ended_at_unix_ms ?? edge.started_at_unix_ms),
    ];
    const [y1, y2] = [laneMiddle(from), laneMiddle(to)];
    yield html`<line class="edge" x1="${percent(x)}" y1="${y1}" x2="${percent(end)}" y2="${y2}" /><circle
        class="edge"
        cx="${percent(x)}"
        cy="${y1}"
        r="2.5"
      /><circle class="edge end" cx="${percent(end)}" cy="${y2}" r="4"
        ><title>${edge.kind.replaceAll('_', ' ')}</title></circle
      > `;
  }
  yield html`</svg></div>
`;
}

const laneTop = (lane: number): number => AXIS + lane * LANE;
const laneMiddle = (lane: number): number => laneTop(lane) + TURN_AT + TURN_HEIGHT / 2;

function overviewAxis({ trace }: PageContext, { chapters }: Story): Axis {
  const steps = chapters.flatMap((chapter) => chapter.steps);
  const ended: readonly TimeWindow[] =
    trace.ended_at_unix_ms === null
      ? []
      : [{ startMs: trace.ended_at_unix_ms, endMs: trace.ended_at_unix_ms }];
  const begun: TimeWindow = { startMs: trace.started_at_unix_ms, endMs: trace.started_at_unix_ms };
  return createAxis([begun, ...chapters, ...steps, ...ended]);
}

function stepBar(
  { html }: PageContext,
  { axis, step, lane }: { readonly axis: Axis; readonly step: Step; readonly lane: number },
): Html {
  const bar = barOf(axis, step);
  if (!bar) return html``;
  const { kind } = step.subject;
  const isModel = kind === 'inference' || kind === 'compaction';
  return html`<rect
    class="bar ${kind} ${step.status}"
    x="${percent(bar.left)}"
    y="${laneTop(lane) + (isModel ? MODEL_AT : TOOL_AT)}"
    width="${barWidth(bar.width)}"
    height="${STEP_HEIGHT}"
    rx="2"
  />`;
}
