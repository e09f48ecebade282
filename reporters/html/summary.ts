import type { OverallStatus, RedactedReport, Status } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { formatElapsed } from '../../src/host/units.ts';
import { formatDetail } from '../text/values.ts';
import { importLine, otherHomes, verdictOf } from '../text/verdict.ts';
import { html, linkIn, NOTHING, sign } from './markup.ts';

const WORD: Readonly<Record<OverallStatus, string>> = {
  ok: 'All is well',
  warning: 'Degraded',
  fail: 'Failed',
};

/** Worst first, as everywhere in the page. */
const SHOWN: readonly Status[] = ['fail', 'crashed', 'warning', 'incomplete', 'ok', 'idle', 'skipped'];

/** Statuses that rows of the report have, with their number. */
export const countsOf = ({ checks }: RedactedReport): readonly (readonly [Status, number])[] =>
  SHOWN.flatMap((status) => {
    const count = Object.values(checks).filter((result) => result.status === status).length;
    return count === 0 ? [] : [[status, count] as const];
  });

/** What a reader needs if they read nothing else: the verdict, what was examined, and how the checks are shared out. */
export function summary(report: RedactedReport): Html {
  const { overallStatus, tool, interrupted } = report;
  const { counted } = verdictOf(report);
  const [cause] = report.rootCauses;
  return html`<header class="top">
    <p class="brand">
      <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M2 13h4l2.5-7 4 13 3-9 1.5 3h5" />
      </svg>
      <strong>${tool.name}</strong> doctor ${tool.version}
    </p>
    <div class="verdict ${overallStatus}">
      ${sign(overallStatus)}
      <div>
        <h1>
          ${WORD[overallStatus]}${interrupted ? ' (interrupted)' : ''}${counted.length === 0 ? '' : `: ${counted.join(', ')}`}
        </h1>
        ${cause && counted.length > 0 ? html`<p class="lead">${linkIn(report, cause.check)}: ${cause.cause}</p>` : NOTHING}
      </div>
    </div>
    ${facts(report)} ${shares(report)}
  </header> `;
}

function facts(report: RedactedReport): Html {
  const { target, platform, generatedAt, durationMs, gate } = report;
  const all: readonly (readonly [string, Html])[] = [
    ['Agent', html`${target.agent} ${target.version ?? ''}`],
    ['Home', html`<code>${target.home}</code> <span class="quiet">(${target.homeSource})</span>`],
    ['Platform', html`${platform.os}-${platform.architecture}, ${platform.runtime}`],
    ['Examined', html`${formatDetail('', generatedAt).join('')}, in ${formatElapsed(durationMs)}`],
    ...(gate ? [['Gate', html`<a href="#gate">exit code ${gate.exitCode}</a>`] as const] : []),
    ...otherHomes(report).map(
      (line) => ['Also here', html`${line.replace('Also on this machine: ', '')}`] as const,
    ),
  ];
  return html`${importLine(report).map((line) => html`<p class="note">${line}</p> `)}
    <dl class="facts">
      ${all.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div> `,
      )}
    </dl>`;
}

/** A bar that is shared out among the statuses; the list below says the same in words. */
function shares(report: RedactedReport): Html {
  const counts = countsOf(report);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  let before = 0;
  const parts = counts.map(([status, count]) => {
    const at = before;
    before += count;
    return html`<rect
      class="share ${status}"
      x="${percent(at / total)}"
      width="${percent(count / total)}"
      height="10"
    />`;
  });
  return html`<svg class="shares" width="100%" height="10" aria-hidden="true">${parts}</svg>
    <ul class="legend" aria-label="Checks by status">
      ${counts.map(([status, count]) => html`<li>${sign(status)}<b>${count}</b> ${status}</li> `)}
    </ul>`;
}

const percent = (part: number): string => `${(part * 100).toFixed(3)}%`;
