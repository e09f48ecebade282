import type { RedactedReport } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { formatCount, formatNumber } from '../../src/host/units.ts';
import { html } from './markup.ts';

/** What was hidden before the report was written, by rule. */
export function ledger({ redactions }: RedactedReport): Html {
  const total = redactions.reduce((sum, { count }) => sum + count, 0);
  return html`<section class="group" aria-labelledby="hidden">
    <h2 id="hidden" tabindex="-1">What was hidden</h2>
    ${
      total === 0
        ? html`<p class="empty">
            Nothing had to be hidden. Secrets, accounts and names of this machine were looked for.
          </p>`
        : html`<p class="quiet">
              ${formatCount(total, 'place')} with a secret, an account or a name of this machine, hidden
              before this file was written.
            </p>
            <div class="scroll">
              <table class="ledger">
                <thead>
                  <tr>
                    <th scope="col">Rule</th>
                    <th scope="col">Places</th>
                  </tr>
                </thead>
                <tbody>
                  ${redactions.map(
                    ({ rule, count }) =>
                      html`<tr class="item">
                        <th scope="row">${rule}</th>
                        <td class="number">${formatNumber(count)}</td>
                      </tr> `,
                  )}
                </tbody>
              </table>
            </div>`
    }
  </section> `;
}
