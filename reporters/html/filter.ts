import type { RedactedReport } from '../../src/doctor/report.ts';
import type { Html } from '../../src/page/html.ts';
import { html, sign } from './markup.ts';
import { countsOf } from './summary.ts';

/** Boxes work by style alone; words and keys need the script, which shows them. */
export const filter = (report: RedactedReport): Html =>
  html`<search class="filter" aria-label="Search and filter">
    <div class="words" data-needs-script hidden>
      <input
        type="search"
        id="words"
        aria-label="Search in everything"
        aria-describedby="keys"
        placeholder="Search in everything"
        autocomplete="off"
        spellcheck="false"
      /><kbd aria-hidden="true">/</kbd>
    </div>
    <span class="sr" id="keys"
      >Keys: slash to search, Escape to clear, j and k for the next and the previous check</span
    >
    <fieldset>
      <legend class="sr">Statuses to show</legend>
      ${countsOf(report).map(
        ([status, count]) =>
          html`<label
            ><input type="checkbox" id="show-${status}" checked autocomplete="off" />${sign(status)}${status}
            <span class="quiet">${count}</span></label
          > `,
      )}
    </fieldset>
    <span class="buttons" data-needs-script hidden
      ><button type="button" id="open-all">Open all</button>
      <button type="button" id="close-all">Close all</button></span
    >
    <span role="status" id="found"></span>
  </search> `;
