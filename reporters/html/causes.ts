import type { CheckResult, Issue, RedactedReport, RootCause } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { commandsOf, findingsOf, passedAt, remediesOf, rowOf } from '../findings.ts';
import type { Passed } from '../findings.ts';
import { badge, commandBox, html, linkIn, linkTo, NOTHING, sign } from './markup.ts';

/** What is wrong, each fault once: causes with the rows that only show them, then what stands for itself. */
export function causes(report: RedactedReport): Html {
  const explained = new Set(report.rootCauses.flatMap(({ check, symptoms }) => [check, ...symptoms]));
  const others = findingsOf(report).filter(({ result }) => !explained.has(result.id));
  if (report.rootCauses.length + others.length === 0)
    return html`<section aria-labelledby="causes">
      <h2 id="causes" tabindex="-1">What is wrong</h2>
      <p class="empty">Nothing. Every check that could be made came to a good end.</p>
    </section> `;
  return html`<section class="group" aria-labelledby="causes">
    <h2 id="causes" tabindex="-1">What is wrong</h2>
    ${report.rootCauses.map((cause) => causeCard(report, cause))}
    ${others.map(({ result, passed }) => card(report, { result, passed, title: titleOf(result), symptoms: NOTHING }))}
  </section> `;
}

const titleOf = ({ issues: [only, ...more], summary }: CheckResult): string =>
  only && more.length === 0 ? only.cause : summary;

function causeCard(report: RedactedReport, cause: RootCause): Html {
  const result = rowOf(report, cause.check);
  const symptoms = cause.symptoms.flatMap((id) => rowOf(report, id) ?? []);
  return card(report, {
    // A pasted report may name a row that it does not hold.
    result: result ?? withoutRow(cause),
    passed: passedAt(report.gate, cause.check),
    title: cause.cause,
    symptoms:
      symptoms.length === 0
        ? NOTHING
        : html`<h4>Also seen in</h4>
            <ul class="symptoms">
              ${symptoms.map(
                (symptom) =>
                  html`<li>
                    ${sign(symptom.status)}
                    <p>
                      <span class="sr">${symptom.status}</span> ${linkTo(symptom.id)}
                      <span class="quiet">${symptom.summary}</span>
                    </p>
                  </li> `,
              )}
            </ul>`,
  });
}

type Shown = Pick<CheckResult, 'id' | 'status' | 'issues' | 'remediation' | 'failure'>;

const withoutRow = ({ check, status, remedy }: RootCause): Shown => ({
  id: check,
  status,
  issues: [],
  remediation: remedy,
});

interface Card {
  readonly result: Shown;
  readonly passed: Passed | undefined;
  readonly title: string;
  readonly symptoms: Html;
}

function card(report: RedactedReport, { result, passed, title, symptoms }: Card): Html {
  const { id, status, issues, failure } = result;
  return html`<article class="card item ${status}">
    <p class="head">
      ${badge(status)} ${linkIn(report, id)}
      ${failure ? html`<span class="chip" title="Class of the failure">${failure.class}</span>` : NOTHING}
      ${passed ? html`<span class="chip passed">${sayPassed(passed)}</span>` : NOTHING}
    </p>
    <h3>${title}</h3>
    ${issueList(issues, title)} ${actions(result)} ${symptoms}
  </article> `;
}

export const sayPassed = (passed: Passed): string =>
  passed.because === 'waived'
    ? `waived until ${passed.expires}: ${passed.reason}`
    : 'known from the baseline';

/** What was measured and expected, issue by issue; a cause that the title names is not said again. */
export const issueList = (issues: readonly Issue[], title?: string): Html =>
  html`${issues.map(
    ({ cause, measured, expected, severity }) =>
      html`<div class="issue">
        ${cause === title ? NOTHING : html`<p class="cause">${sign(severity)}<span class="sr">${severity}: </span>${cause}</p>`}
        <dl>
          <div>
            <dt>Measured</dt>
            <dd>${measured}</dd>
          </div>
          <div>
            <dt>Expected</dt>
            <dd>${expected}</dd>
          </div>
        </dl>
      </div> `,
  )}`;

/** What to do, and commands for it. */
export function actions(result: Pick<CheckResult, 'issues' | 'remediation'>): Html {
  const remedies = remediesOf(result);
  const commands = commandsOf(result);
  if (remedies.length + commands.length === 0) return NOTHING;
  return html`<div class="actions">
    <h4>What to do</h4>
    ${remedies.map((remedy) => html`<p>${remedy}</p> `)}${commands.map(commandBox)}
  </div>`;
}
