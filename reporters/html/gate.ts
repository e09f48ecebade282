import type { RedactedReport, Waiver } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { html, linkIn, NOTHING } from './markup.ts';

/** What the gate made of the rows; nothing where nobody asked. */
export function gate(report: RedactedReport): Html {
  const { gate: decided } = report;
  if (!decided) return NOTHING;
  const { exitCode, failOn, counted, waived, known, expired, unused } = decided;
  const link = (id: string): Html => linkIn(report, id);
  const lists = [
    group('Counted', counted.map(link)),
    group(
      'Waived',
      waived.map(
        ({ check, reason, expires }) =>
          html`${link(check)} ${reason} <span class="quiet">until <time>${expires}</time></span>`,
      ),
    ),
    group('Known from the baseline', known.map(link)),
    group('Expired waivers: their rows count again', expired.map(waiverLine)),
    group('Waivers that no row needs any more', unused.map(waiverLine)),
  ];
  return html`<section class="gate group ${exitCode === 0 ? 'ok' : 'fail'}" aria-labelledby="gate">
    <h2 id="gate" tabindex="-1">Gate</h2>
    <p class="decision">
      <strong>${exitCode === 0 ? 'Passed' : 'Not passed'}</strong>: exit code ${exitCode}, with
      <code>--fail-on ${failOn}</code>
    </p>
    <div class="decisions">${lists}</div>
  </section> `;
}

function group(title: string, lines: readonly Html[]): Html {
  if (lines.length === 0) return NOTHING;
  return html`<div class="decided group">
    <h3>${title}</h3>
    <ul>
      ${lines.map((line) => html`<li class="item">${line}</li> `)}
    </ul>
  </div> `;
}

const waiverLine = ({ check, failureClass, reason, expires, source }: Waiver): Html =>
  html`<code>${check}</code>
    ${failureClass === undefined ? NOTHING : html`<span class="chip">${failureClass}</span> `}${reason}
    <span class="quiet">until <time>${expires}</time> (${source})</span>`;
