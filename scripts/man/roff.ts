/* The language of man pages (man(7)), as far as ours need it. */

/** Text as it is to be read, on a line of its own or behind a macro: no character of it is an instruction. */
export const escapeRoff = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll('"', String.raw`\(dq`)
    .replaceAll(/[\u0080-\u{10FFFF}]/gu, (character) => {
      const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
      return String.raw`\[u${code}]`;
    })
    .replaceAll(/^(?=[.'])/gm, String.raw`\&`);

export const bold = (text: string): string => String.raw`\fB${escapeRoff(text)}\fR`;

export const section = (title: string, body: string): string =>
  `.SH ${escapeRoff(title.toUpperCase())}\n${body}\n`;

export const subsection = (title: string, body: string): string => `.SS ${escapeRoff(title)}\n${body}\n`;

/** A term with what it means, indented below it. Both are escaped already. */
export const entry = (term: string, meaning: string): string => `.TP\n${term}\n${meaning}`;

/** Lines as they stand, without filling. */
export const verbatim = (text: string): string => `.nf\n${escapeRoff(text)}\n.fi`;
