import { escapedForJson, visible } from '../redact/control.ts';

const MARKUP = Symbol('markup');

/** Markup that is safe to write, because only an {@link HtmlTemplate} makes it. */
export interface Html {
  readonly [MARKUP]: string;
}

type Piece = string | number | Html | readonly Html[] | undefined;

/**
 * A template tag: what stands in the source is markup, what is put in is text. So no value can forget to be redacted or
 * escaped, and none becomes a tag, an attribute or a second attribute (whose values are quoted).
 */
export type HtmlTemplate = (literals: TemplateStringsArray, ...pieces: readonly Piece[]) => Html;

/** @param clean what every text goes through first, such as a redactor */
export function createHtmlTemplate(clean: (text: string) => string): HtmlTemplate {
  const write = (piece: Piece): string => {
    if (piece === undefined) return '';
    if (typeof piece === 'string') return markupOf(textOf(clean(piece)));
    if (typeof piece === 'number') return String(piece);
    return MARKUP in piece ? piece[MARKUP] : piece.map(markupOf).join('');
  };
  return (literals, ...pieces) => ({
    [MARKUP]: withoutIndentation(literals).reduce(
      (text, literal, index) => text + write(pieces[index - 1]) + literal,
    ),
  });
}

const written = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The source is indented for its readers; a page with thousands of rows need not be. */
function withoutIndentation(literals: TemplateStringsArray): readonly string[] {
  const known = written.get(literals);
  if (known) return known;
  const short = literals.map((literal) => literal.replaceAll(/\n\s+/g, '\n'));
  written.set(literals, short);
  return short;
}

/** A text as it is; it has been redacted. */
export const textOf = (clean: string): Html => ({ [MARKUP]: escaped(withoutNoncharacters(visible(clean))) });

/** In a longer text the engine counts so many replacements at once that it ends the process. */
const PIECE_UNITS = 1_000_000;

/** A value as JSON that can stand in a `script` element: no text in it ends the element or begins a comment. */
export function jsonOf(value: unknown): string {
  const json = JSON.stringify(value);
  const pieces: string[] = [];
  for (let start = 0; start < json.length;) {
    const end = wholeEnd(json, start + PIECE_UNITS);
    pieces.push(escapedForScript(json.slice(start, end)));
    start = end;
  }
  return pieces.join('');
}

/** The end of a piece that takes no surrogate pair apart. */
const wholeEnd = (text: string, end: number): number =>
  /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end + 1 : end;

const escapedForScript = (json: string): string =>
  escapedForJson(json).replaceAll(/<|\p{Noncharacter_Code_Point}/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/** Code points that are never characters are errors in HTML (WHATWG HTML, 13.2.3.5). */
const withoutNoncharacters = (text: string): string =>
  text.replaceAll(
    /\p{Noncharacter_Code_Point}/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );

export const markupOf = (html: Html): string => html[MARKUP];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
