import type { CheckResult, RedactedReport } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { formatElapsed } from '../../src/host/units.ts';
import { pagesOf, passedAt, sectionsOf } from '../findings.ts';
import { actions, issueList, sayPassed } from './causes.ts';
import { evidence } from './evidence.ts';
import { anchorOf, html, linkIn, linkTo, NOTHING, sign } from './markup.ts';

/** Every check in its section: one line each, which opens what was seen. */
export function checks(report: RedactedReport): Html {
  return html`<section aria-labelledby="checks">
    <h2 id="checks" tabindex="-1">Checks</h2>
    ${sectionsOf(report).map(
      ([section, rows]) =>
        html`<section class="area group" aria-label="${section}">
          <h3>${section}</h3>
          <div class="rows">${rows.map((result) => row(report, result))}</div>
        </section> `,
    )}
    <p class="empty" id="none" hidden>No check has these words.</p>
  </section> `;
}

function row(report: RedactedReport, result: CheckResult): Html {
  const { id, status, category, summary, title, durationMs } = result;
  const passed = passedAt(report.gate, id);
  return html`<details class="row item ${status}" id="${anchorOf(id)}">
    <summary>
      ${sign(status)}<span class="sr">${status}: </span><span class="category">${category}</span>
      <span class="said"
        >${summary}${passed ? html` <span class="chip passed">${passed.because}</span>` : NOTHING}</span
      >
      <code class="id">${id}</code><span class="took">${formatElapsed(durationMs)}</span>
    </summary>
    <div class="body">
      ${title === id ? NOTHING : html`<p class="title">${title}</p>`}
      ${passed?.because === 'waived' ? html`<p class="note">${sayPassed(passed)}</p>` : NOTHING}
      ${because(report, result)} ${issueList(result.issues, summary)}
      ${rootOf(report, id) === undefined ? actions(result) : NOTHING} ${evidence(result)}
      ${pagesOf(result).map((page) => html`<p class="more">What this check means: <code>${page}</code></p> `)}
    </div>
  </details> `;
}

const rootOf = ({ rootCauses }: RedactedReport, id: string): string | undefined =>
  rootCauses.find(({ symptoms }) => symptoms.includes(id))?.check;

/** Where to look instead: the row that this one only shows or waits for. */
function because(report: RedactedReport, { id, skippedBecause }: CheckResult): Html {
  const root = rootOf(report, id);
  if (root !== undefined) return html`<p class="note">One fault with ${linkIn(report, root)}: see there.</p>`;
  if (skippedBecause === undefined) return NOTHING;
  return Object.hasOwn(report.checks, skippedBecause)
    ? html`<p class="note">Not looked at because of ${linkTo(skippedBecause)}.</p>`
    : html`<p class="note">Not looked at: ${skippedBecause}.</p>`;
}
