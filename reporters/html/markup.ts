import { createHtmlTemplate } from '../../src/page/html.ts';
import type { Html } from '../../src/page/html.ts';
import type { RedactedReport, Status } from '../../src/doctor/report.ts';
import { cut } from '../cut.ts';

/** Of one text; the JSON in the page has all of it. A report was redacted before it comes here. */
const TEXT_CHARACTERS = 10_000;

/** What is put in is text of the report: escaped, and cut where it is endless. */
export const html = createHtmlTemplate((text) => cut(text, TEXT_CHARACTERS));

export const NOTHING: Html = html``;

/** Where a row stands: a stable name for links from elsewhere, unless the id cannot be one. */
export const anchorOf = (id: string): string =>
  /^[\w.-]{1,200}$/.test(id) ? `check-${id}` : `check-${Buffer.from(id).toString('hex').slice(0, 200)}`;

/** A link to a row that the report has. */
export const linkTo = (id: string): Html => html`<a href="#${anchorOf(id)}"><code>${id}</code></a>`;

/** A link to a row, or only its id: a pasted report may name rows that it does not hold. */
export const linkIn = ({ checks }: Pick<RedactedReport, 'checks'>, id: string): Html =>
  Object.hasOwn(checks, id) ? linkTo(id) : html`<code>${id}</code>`;

/** The sign of a status. It is drawn, so that it does not depend on fonts; a word always stands beside it. */
export const sign = (status: Status): Html =>
  html`<svg class="sign ${status}" aria-hidden="true"><use href="#sign-${status}" /></svg>`;

/** The sign and its word. */
export const badge = (status: Status): Html =>
  html`<span class="badge ${status}">${sign(status)}${status}</span>`;

/** A command with a button that copies it. */
export const commandBox = (command: string): Html =>
  html`<div class="command">
    <pre tabindex="0" aria-label="Command"><code>${command}</code></pre>
    <button type="button" class="copy" data-needs-script hidden>Copy</button>
  </div>`;
