import { lineOf, shortened } from '../machine/words.ts';

/** In messages of SARIF `[x](target)` is a link, and foreign text must not make one. */
const withoutLinks = (text: string): string => text.replaceAll('](', '] (');

/** Text for a viewer, on one line. */
export const cleanText = (text: string): string => withoutLinks(lineOf(text));

export const messageOf = (text: string, longest: number): { readonly text: string } => ({
  text: withoutLinks(shortened(text, longest)),
});
