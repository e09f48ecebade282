import type { Heading } from './markdown.ts';

/** One section of one page. */
export interface SearchEntry {
  readonly id: number;
  /** From the root of the site, with its fragment. */
  readonly url: string;
  readonly page: string;
  readonly title: string;
  readonly text: string;
}

export const searchEntries = (
  pages: readonly {
    readonly target: string;
    readonly title: string;
    readonly headings: readonly Heading[];
  }[],
): readonly SearchEntry[] =>
  pages
    .flatMap(({ target, title: page, headings }) =>
      headings.map(({ id, title, text }) => ({ url: `${target}#${id}`, page, title, text })),
    )
    .map((entry, id) => ({ id, ...entry }));
