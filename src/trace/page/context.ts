import { formatBytes, formatCount } from '../../host/units.ts';
import type { Redactor } from '../../redact/redactor.ts';
import type { PayloadReference } from '../event/payload.ts';
import type { RolloutTrace } from '../model/trace.ts';
import { abridged } from './abridge.ts';
import { createHtmlTemplate, textOf } from '../../page/html.ts';
import type { Html, HtmlTemplate } from '../../page/html.ts';

/** What is in a payload file, or why it is not shown. */
export type PayloadRead =
  | { readonly kind: 'read'; readonly value: unknown; readonly bytes: number }
  | { readonly kind: 'not_shown'; readonly because: string };

export type ReadPayload = (reference: PayloadReference) => PayloadRead;

/** What the parts of a page share. */
export interface PageContext {
  readonly trace: RolloutTrace;
  readonly html: HtmlTemplate;
  /** A text from the trace, cut to `limit` characters after it was redacted, and to less where the page is full. */
  readonly excerpt: (text: string, limit: number) => Html;
  /** A payload as indented JSON, cut in the same way. */
  readonly payload: (reference: PayloadReference) => Html;
  /** Steps that have a row, by kind and id: what links may point at. */
  readonly rows: ReadonlyMap<string, number>;
}

export interface ContextOptions {
  readonly trace: RolloutTrace;
  readonly redactor: Pick<Redactor, 'text' | 'value'>;
  readonly readPayload: ReadPayload | undefined;
  readonly rows: ReadonlyMap<string, number>;
  readonly maxCharacters: number;
}

/** A name or a command is still worth its place where the page is full. */
const LEAST_CHARACTERS = 80;
/** Of a payload. Whoever needs more opens the file, which is named. */
const PAYLOAD_CHARACTERS = 4_000;
/** Of each text in it, so that long instructions leave room for what follows them. */
const TEXT_IN_PAYLOAD_CHARACTERS = 400;

/** Of a name, which is put in as it is. Whoever shows more takes {@link PageContext.excerpt}. */
const NAME_CHARACTERS = 200;
/** Where a text is cut before it is redacted: a secret that begins in what is shown is seen whole, or long enough. */
const REDACTED_AHEAD = 16 * 1024;

export function createContext(options: ContextOptions): PageContext {
  const { trace, redactor, readPayload, rows } = options;
  const html = createHtmlTemplate((text) => {
    const clean = redactor.text(text.slice(0, NAME_CHARACTERS + REDACTED_AHEAD));
    return clean.length <= NAME_CHARACTERS ? clean : `${clean.slice(0, NAME_CHARACTERS)}…`;
  });
  let left = options.maxCharacters;
  const cut = (clean: string, { limit, total }: { readonly limit: number; readonly total: number }): Html => {
    const length = Math.min(limit, Math.max(left, LEAST_CHARACTERS));
    const shown = clean.slice(0, length);
    left -= shown.length;
    const isWhole = shown.length === clean.length && total <= limit + REDACTED_AHEAD;
    return isWhole
      ? textOf(shown)
      : html`${textOf(shown)}<span class="cut">… (of ${formatCount(total, 'character')})</span>`;
  };
  return {
    trace,
    html,
    rows,
    excerpt: (text, limit) =>
      cut(redactor.text(text.slice(0, limit + REDACTED_AHEAD)), { limit, total: text.length }),
    payload: (reference) => {
      const read: PayloadRead =
        left <= 0
          ? { kind: 'not_shown', because: 'the page is full' }
          : (readPayload?.(reference) ?? { kind: 'not_shown', because: 'only the reduced trace was given' });
      const title = html`${reference.kind.type.replaceAll('_', ' ')} <code>${reference.path}</code>`;
      if (read.kind === 'not_shown')
        return html`<p class="payload">${title}: not shown, ${read.because}.</p>`;
      const clean = redactor.value(abridged(read.value, { characters: REDACTED_AHEAD }));
      const text = JSON.stringify(abridged(clean, { characters: TEXT_IN_PAYLOAD_CHARACTERS }), undefined, 2);
      const shown = cut(text, { limit: PAYLOAD_CHARACTERS, total: text.length });
      return html`<details class="payload">
        <summary>${title} <span class="quiet">${formatBytes(read.bytes)}</span></summary>
        <pre tabindex="0">${shown}</pre>
      </details>`;
    },
  };
}
