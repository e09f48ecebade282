import type { Failure } from '../../src/doctor/failure.ts';
import type { CheckResult, DetailValue } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { formatElapsed, formatNumber } from '../../src/host/units.ts';
import { formatDetail } from '../text/values.ts';
import { html, NOTHING } from './markup.ts';

/** Of one list; a reader opens the JSON for more. */
const LIST = 200;
/** Of one check: more than any has; a pasted report may have any number. */
const VALUES = 500;

/** What a check saw, as a table of labels and values, each value by its type. */
export function evidence({ id, details, issues, failure }: CheckResult): Html {
  const entries = Object.entries(details);
  const shown = entries.slice(0, VALUES);
  if (entries.length === 0 && failure === undefined) return NOTHING;
  const rest = entries.length - shown.length;
  return html`<table class="evidence">
    <caption class="sr">
      Evidence of ${id}
    </caption>
    <tbody>
      ${shown.map(([label, value]) => {
        const issue = issues.find(({ fields }) => fields.includes(label));
        return html`<tr class="${issue ? `concerned ${issue.severity}` : ''}">
          <th scope="row">${label}</th>
          <td>
            ${valueOf(label, value)}${issue ? html`<p class="expected">expected ${issue.expected}</p>` : NOTHING}
          </td>
        </tr> `;
      })}${failure ? failureRows(failure) : NOTHING}${
        rest > 0
          ? html`<tr>
              <th scope="row">more</th>
              <td>${formatNumber(rest)} values</td>
            </tr>`
          : NOTHING
      }
    </tbody>
  </table>`;
}

function valueOf(label: string, value: DetailValue): Html {
  const texts = formatDetail(label, value);
  if (value === null) return html`<span class="quiet">unknown</span>`;
  if (Array.isArray(value) && value.length === 0) return html`<span class="quiet">none</span>`;
  if (typeof value === 'object') {
    const rest = texts.length - LIST;
    return html`<ul>
      ${texts.slice(0, LIST).map((text) => html`<li>${text}</li> `)}${rest > 0 ? html`<li class="quiet">and ${formatNumber(rest)} more</li>` : NOTHING}
    </ul>`;
  }
  return html`<span class="${typeof value}">${texts.join('')}</span>`;
}

const FAILURE_LABELS: Readonly<Record<Exclude<keyof Failure, 'message'>, string>> = {
  class: 'failure class',
  phase: 'failure phase',
  httpStatus: 'HTTP status',
  code: 'code',
  closeCode: 'close code',
  requestId: 'request id',
  cfRay: 'CF-Ray',
  retryAfterMs: 'retry after',
};

const failureRows = (failure: Failure): Html =>
  html`${Object.entries(FAILURE_LABELS).map(([name, label]) => {
    const value = failure[name as keyof typeof FAILURE_LABELS];
    if (value === undefined || value === '') return NOTHING;
    const text = name === 'retryAfterMs' ? formatElapsed(Number(value)) : String(value);
    return html`<tr>
      <th scope="row">${label}</th>
      <td><span class="string">${text}</span></td>
    </tr> `;
  })}`;
