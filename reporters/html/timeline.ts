import type { CheckResult, RedactedReport } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { formatElapsed } from '../../src/host/units.ts';
import { html, linkTo, NOTHING, sign } from './markup.ts';

interface Axis {
  readonly totalMs: number;
  /** Round times after the first check began. */
  readonly marks: readonly number[];
}

interface Bar {
  readonly result: CheckResult;
  /** After the first check began. */
  readonly startMs: number;
}

/** When each check ran, as a table whose last column is drawn: the columns before say the same in numbers. */
export function timeline({ checks }: RedactedReport): Html {
  const timed = Object.values(checks)
    .map((result) => ({ result, at: Date.parse(result.startedAt) }))
    .filter(({ at, result }) => Number.isFinite(at) && Number.isFinite(result.durationMs));
  if (timed.length === 0) return NOTHING;
  const first = Math.min(...timed.map(({ at }) => at));
  const bars = timed
    .map(({ result, at }): Bar => ({ result, startMs: at - first }))
    .toSorted((a, b) => a.startMs - b.startMs || a.result.durationMs - b.result.durationMs);
  const totalMs = Math.max(1, ...bars.map(({ startMs, result }) => startMs + result.durationMs));
  const axis: Axis = { totalMs, marks: marksOf(totalMs) };
  return html`<section class="group" aria-labelledby="timeline">
    <h2 id="timeline" tabindex="-1">Timeline</h2>
    <div class="scroll">
      <table class="timeline">
        <caption class="sr">
          When each check began and how long it took, in the order of their beginnings
        </caption>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Began after</th>
            <th scope="col">Took</th>
            <th scope="col" class="axis"><span class="sr">Drawn</span>${scale(axis)}</th>
          </tr>
        </thead>
        <tbody>
          ${bars.map((bar) => line(bar, axis))}
        </tbody>
      </table>
    </div>
  </section> `;
}

const line = ({ result, startMs }: Bar, { totalMs, marks }: Axis): Html =>
  html`<tr class="item ${result.status}">
    <th scope="row">${sign(result.status)}<span class="sr">${result.status}: </span>${linkTo(result.id)}</th>
    <td class="number">${formatElapsed(startMs)}</td>
    <td class="number">${formatElapsed(result.durationMs)}</td>
    <td class="drawn">
      <svg width="100%" height="24" aria-hidden="true">
        ${marks.map((at) => html`<line class="tick" x1="${percent(at / totalMs)}" x2="${percent(at / totalMs)}" y1="0" y2="24" />`)}
        <rect
          class="bar ${result.status}"
          x="${percent(startMs / totalMs)}"
          y="8"
          width="${percent(result.durationMs / totalMs)}"
          height="8"
          rx="1.5"
        />
      </svg>
    </td>
  </tr> `;

/** Round times, not closer than a fifth of the width, and none so far right that its word would stand outside. */
function marksOf(totalMs: number): readonly number[] {
  const least = totalMs / 5;
  const power = 10 ** Math.floor(Math.log10(least));
  const stepMs = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? least;
  const marks = Array.from({ length: Math.floor(totalMs / stepMs) + 1 }, (_, index) => index * stepMs);
  return marks.filter((at) => at <= totalMs * 0.92);
}

const scale = ({ totalMs, marks }: Axis): Html =>
  html`<svg width="100%" height="14" aria-hidden="true">
    ${marks.map((at) => html`<text x="${percent(at / totalMs)}" y="11">${formatElapsed(at)}</text>`)}
  </svg>`;

const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;
