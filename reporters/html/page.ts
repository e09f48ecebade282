import type { RedactedReport } from '../../src/doctor/report.ts';
import { pageEnd, pageHead } from '../../src/page/frame.ts';
import { jsonOf, markupOf } from '../../src/page/html.ts';
import type { Html } from '../../src/page/html.ts';
import { verdictOf } from '../text/verdict.ts';
import { causes } from './causes.ts';
import { checks } from './checks.ts';
import { filter } from './filter.ts';
import { gate } from './gate.ts';
import { ledger } from './ledger.ts';
import { html, NOTHING } from './markup.ts';
import { notes } from './notes.ts';
import { SCRIPT } from './script.ts';
import { SIGNS } from './signs.ts';
import { STYLE } from './style.ts';
import { summary } from './summary.ts';
import { timeline } from './timeline.ts';

/**
 * A report as one HTML page that needs nothing else: it asks for no other file, its script is optional, and its policy
 * forbids everything that is not in it.
 */
export function pageOf(report: RedactedReport): string {
  const title = html`${verdictOf(report).state}: ${report.target.agent} at ${report.target.home}`;
  const frame = { title, style: STYLE, script: SCRIPT };
  return [pageHead(frame), markupOf(body(report)), dataOf(report), pageEnd(frame)].join('');
}

/** The parts that a report has, with the names under which the page lists them. */
function body(report: RedactedReport): Html {
  const parts: readonly (readonly [id: string, name: string, part: Html])[] = [
    ['causes', 'What is wrong', causes(report)],
    ['notes', 'Notes', notes(report)],
    ['gate', 'Gate', gate(report)],
    ['checks', 'Checks', checks(report)],
    ['timeline', 'Timeline', timeline(report)],
    ['hidden', 'What was hidden', ledger(report)],
    ['data', 'The report as JSON', DATA],
  ];
  const there = parts.filter(([, , part]) => part !== NOTHING);
  return html`${SIGNS}<a class="skip" href="#causes">To what is wrong</a> ${summary(report)}
    <div class="layout">
      <nav aria-label="Parts of this report">
        <ol>
          ${there.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li> `)}
        </ol>
      </nav>
      <main>${filter(report)}${there.map(([, , part]) => part)}</main>
    </div>
    <footer>
      <p>
        Made by <code>stethos doctor --format html</code>. Secrets, accounts and names of this machine were
        hidden before this file was written; read it before you pass it on.
      </p>
    </footer> `;
}

const DATA = html`<section aria-labelledby="data">
  <h2 id="data" tabindex="-1">The report as JSON</h2>
  <p class="quiet">
    This file holds the whole report, as <code>stethos doctor --json</code> prints it, in its element
    <code>#report</code>.
  </p>
  <p data-needs-script hidden><button type="button" id="download">Download JSON</button></p>
</section> `;

/** For programs, and for the button that gives it as a file. */
const dataOf = (report: RedactedReport): string =>
  `<script type="application/json" id="report">${jsonOf(report)}</script>
`;
