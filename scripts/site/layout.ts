import { relativeUrl } from './markdown.ts';
import type { Heading } from './markdown.ts';
import type { NavigationGroup } from './sources.ts';

export interface PageParts {
  readonly target: string;
  readonly title: string;
  /** Trusted: made by the renderer of Markdown or escaped. */
  readonly body: string;
  readonly headings: readonly Heading[];
  readonly navigation: readonly NavigationGroup[];
  readonly version: string;
}

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Fewer headings are seen at a glance. */
const LEAST_HEADINGS = 3;

/** A whole page. Every address in it is relative, so that the site works below any path and from a disk. */
export function pageHtml({ target, title, body, headings, navigation, version }: PageParts): string {
  const to = (path: string): string => relativeUrl(target, path);
  const root = to('index.html').replace(/index\.html$/, '');
  const groups = navigation.map(
    (group) => `<h2>${escapeHtml(group.title)}</h2>
<ul>
${group.entries
  .map(
    (entry) =>
      `<li><a href="${to(entry.target)}"${entry.target === target ? ' aria-current="page"' : ''}>${escapeHtml(entry.title)}</a></li>`,
  )
  .join('\n')}
</ul>`,
  );
  const sections = headings.filter(({ level }) => level === 2);
  const contents =
    sections.length < LEAST_HEADINGS
      ? ''
      : `<nav class="contents" aria-label="On this page">
<h2>On this page</h2>
<ul>
${sections.map(({ id, title: section }) => `<li><a href="#${id}">${escapeHtml(section)}</a></li>`).join('\n')}
</ul>
</nav>`;
  return `<!doctype html>
<html lang="en" data-root="${root}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === 'stethos' ? 'stethos' : `${escapeHtml(title)} · stethos`}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to('assets/style.css')}">
<script defer src="${to('assets/site.js')}"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<header>
<a class="name" href="${to('index.html')}">stethos</a>
<span class="version">${escapeHtml(version)}</span>
<a class="to-pages" href="#pages">Pages</a>
<form role="search" hidden>
<label for="search">Search</label>
<input id="search" type="search" placeholder="Search" autocomplete="off" aria-controls="found">
<div id="found" hidden><p role="status"></p><ol></ol></div>
</form>
</header>
<div class="columns">
<nav class="pages" id="pages" aria-label="Pages">
${groups.join('\n')}
</nav>
<main id="content">
${body}
</main>
${contents}
</div>
</body>
</html>
`;
}
