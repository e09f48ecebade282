import { html } from './markup.ts';

/** Drawn on 16 by 16: filled for what has an answer, a ring for what has none, and a mark in each. */
export const SIGNS = html`<svg class="signs" aria-hidden="true">
  <symbol id="sign-ok" viewBox="0 0 16 16">
    <circle class="disc" cx="8" cy="8" r="8" />
    <path class="mark" d="M4.6 8.3l2.3 2.3 4.6-5" />
  </symbol>
  <symbol id="sign-fail" viewBox="0 0 16 16">
    <circle class="disc" cx="8" cy="8" r="8" />
    <path class="mark" d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4" />
  </symbol>
  <symbol id="sign-warning" viewBox="0 0 16 16">
    <path
      class="disc"
      d="M6.7 1.5a1.5 1.5 0 0 1 2.6 0l6.5 11.5A1.5 1.5 0 0 1 14.5 15.2H1.5A1.5 1.5 0 0 1 .2 13z"
    />
    <path class="mark" d="M8 5.6v4M8 12.2v.2" />
  </symbol>
  <symbol id="sign-crashed" viewBox="0 0 16 16">
    <path class="disc" d="M4.7 0h6.6L16 4.7v6.6L11.3 16H4.7L0 11.3V4.7z" />
    <path class="mark" d="M8 4v5M8 12v.1" />
  </symbol>
  <symbol id="sign-incomplete" viewBox="0 0 16 16">
    <circle class="ring" cx="8" cy="8" r="7" />
    <path class="line" d="M8 4.2V8l2.6 1.8" />
  </symbol>
  <symbol id="sign-skipped" viewBox="0 0 16 16">
    <circle class="ring" cx="8" cy="8" r="7" />
    <path class="line" d="M5 8h6" />
  </symbol>
  <symbol id="sign-idle" viewBox="0 0 16 16"><circle class="ring" cx="8" cy="8" r="7" /></symbol>
</svg> `;
