import { posix } from 'node:path';
import MarkdownIt from 'markdown-it';
import type Token from 'markdown-it/lib/token.mjs';

/** Where a path of the repository is found on the site; undefined when there is nothing to be found. */
export type Locate = (path: string) => string | undefined;

export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
}

export interface Heading {
  readonly level: number;
  readonly id: string;
  readonly title: string;
  /** The plain text below it, for the search. */
  readonly text: string;
}

interface Place {
  /** The document, from the root of the repository. */
  readonly source: string;
  /** The page, from the root of the site. */
  readonly target: string;
  readonly locate: Locate;
}

/** As GitHub makes them, so that links work there and here. */
const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/** The way from one page of the site to another, so that it can lie anywhere. */
export const relativeUrl = (from: string, to: string): string =>
  posix.relative(posix.dirname(from), to) || posix.basename(to);

/**
 * Markdown as HTML: headings with anchors, links and pictures led to where they stand on the site.
 * @throws Error naming the document and the link that leads nowhere
 */
export function renderPage(markdown: string, place: Place): Rendered {
  const parser = new MarkdownIt({ html: false, linkify: false });
  const tokens = parser.parse(markdown, {});
  const headings = anchorHeadings(tokens);
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    const attribute = token.type === 'link_open' ? 'href' : token.type === 'image' ? 'src' : undefined;
    if (attribute !== undefined) token.attrSet(attribute, leadTo(token.attrGet(attribute) ?? '', place));
  }
  parser.renderer.rules['heading_close'] = closeHeading;
  parser.renderer.rules['code_inline'] = (codes, at) =>
    `<code>${keepWords(parser.utils.escapeHtml(codes[at]?.content ?? ''))}</code>`;
  parser.renderer.rules['table_open'] = () => '<div class="wide"><table>\n';
  parser.renderer.rules['table_close'] = () => '</table></div>\n';
  return { html: parser.renderer.render(tokens, parser.options, {}), headings };
}

/** Longer words are broken where the line ends, or a narrow screen could not show them. */
const LONGEST_WORD = 32;

/** Without this, browsers break lines at the hyphens of `--fail-on`. */
const keepWords = (code: string): string =>
  code
    .split(' ')
    .map((word) => {
      if (word.length > LONGEST_WORD) return `<span class="long">${word}</span>`;
      return word.includes('-') ? `<span class="word">${word}</span>` : word;
    })
    .join(' ');

function closeHeading(tokens: readonly Token[], at: number): string {
  const opening = tokens[at - 2];
  const id = opening?.attrGet('id') ?? '';
  const tag = tokens[at]?.tag ?? 'h2';
  return tag === 'h1'
    ? `</${tag}>\n`
    : ` <a class="anchor" href="#${id}" aria-label="Link to this section">#</a></${tag}>\n`;
}

function anchorHeadings(tokens: readonly Token[]): readonly Heading[] {
  const used = new Map<string, number>();
  const starts = tokens.flatMap((token, at) => (token.type === 'heading_open' ? [at] : []));
  return starts.map((at, index) => {
    const token = tokens[at];
    const title = plainText(tokens.slice(at + 1, at + 2));
    const slug = slugOf(title);
    const before = used.get(slug) ?? 0;
    used.set(slug, before + 1);
    const id = before === 0 ? slug : `${slug}-${before}`;
    token?.attrSet('id', id);
    const text = plainText(tokens.slice(at + 2, starts[index + 1]));
    return { level: Number(token?.tag.slice(1)), id, title, text };
  });
}

const plainText = (tokens: readonly Token[]): string =>
  tokens.map(wordsOf).join(' ').replaceAll(/\s+/g, ' ').trim();

const wordsOf = ({ type, content, children }: Token): string =>
  children ? children.map(wordsOf).join('') : type === 'softbreak' ? ' ' : content;

function leadTo(href: string, { source, target, locate }: Place): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href) || href.startsWith('#')) return href;
  const [path = '', fragment] = href.split('#');
  const found = locate(posix.join(posix.dirname(source), decodeURI(path)).replace(/\/$/, ''));
  if (found === undefined) throw new Error(`${source} links to ${href}, which is not there`);
  return `${relativeUrl(target, found)}${fragment === undefined ? '' : `#${fragment}`}`;
}
