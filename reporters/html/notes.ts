import type { NoteKind, RedactedReport } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { html, linkIn, NOTHING } from './markup.ts';

const WORD: Readonly<Record<Exclude<NoteKind, 'cause'>, string>> = {
  update: 'Update',
  warning: 'Warning',
  info: 'Good to know',
};

/** Promoted lines; causes have a part of their own. */
export function notes(report: RedactedReport): Html {
  const lines = report.notes.flatMap(({ kind, check, text }) =>
    kind === 'cause'
      ? []
      : [
          html`<li class="item">
            <span class="chip ${kind}">${WORD[kind]}</span> ${linkIn(report, check)} ${text}
          </li> `,
        ],
  );
  if (lines.length === 0) return NOTHING;
  return html`<section class="group" aria-labelledby="notes">
    <h2 id="notes" tabindex="-1">Notes</h2>
    <ul class="notes">
      ${lines}
    </ul>
  </section> `;
}
