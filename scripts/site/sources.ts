import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of the site and the Markdown that it is made of. */
export interface SourcePage {
  /** From the root of the repository, with `/` between parts. */
  readonly source: string;
  /** From the root of the site. */
  readonly target: string;
  readonly markdown: string;
}

/** What docs/README.md becomes. */
const DOCUMENTATION = 'documentation.html';

/** Every Markdown document that readers are meant to find; what stands in `docs` is taken as it comes. */
export function sourcePages(root: string): readonly SourcePage[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md'))
    .toSorted()
    .map((path) => ({
      source: `docs/${path}`,
      target: path === 'README.md' ? DOCUMENTATION : path.replace(/\.md$/, '.html'),
    }));
  const others = [
    { source: 'README.md', target: 'index.html' },
    { source: 'CHANGELOG.md', target: 'changelog.html' },
    { source: 'AGENTS.md', target: 'contributing.html' },
    { source: 'SECURITY.md', target: 'security.html' },
  ];
  return [...others, ...docs].map((page) => ({
    ...page,
    markdown: readFileSync(join(root, page.source), 'utf8'),
  }));
}

/** The index of the checks has no document of its own: it is made of the registry. */
export const CHECK_INDEX = 'checks/index.html';

/** A document's first heading. */
export const titleOf = (markdown: string): string =>
  (/^# (.*)$/m.exec(markdown)?.[1] ?? 'stethos').replaceAll('`', '');

export interface NavigationGroup {
  readonly title: string;
  readonly entries: readonly { readonly title: string; readonly target: string }[];
}

const REFERENCE = [
  'docs/failure-classes.md',
  'docs/formats.md',
  'docs/settings.md',
  'docs/declarative-checks.md',
];

/** What stands beside every page. A new document appears among the guides by itself. */
export function navigationOf(pages: readonly SourcePage[]): readonly NavigationGroup[] {
  const entriesOf = (chosen: (page: SourcePage) => boolean): NavigationGroup['entries'] =>
    pages.filter(chosen).map(({ markdown, target }) => ({ title: titleOf(markdown), target }));
  const isGuide = ({ source }: SourcePage): boolean =>
    /^docs\/(?!README)[^/]+\.md$/.test(source) && !REFERENCE.includes(source);
  return [
    {
      title: 'stethos',
      entries: [
        { title: 'Overview', target: 'index.html' },
        { title: 'All pages', target: DOCUMENTATION },
      ],
    },
    { title: 'Guides', entries: entriesOf(isGuide) },
    {
      title: 'Reference',
      entries: [
        { title: 'Checks', target: CHECK_INDEX },
        ...entriesOf(({ source }) => REFERENCE.includes(source)),
      ],
    },
    {
      title: 'Project',
      entries: [
        { title: 'Changelog', target: 'changelog.html' },
        { title: 'Changing the code', target: 'contributing.html' },
        { title: 'Security', target: 'security.html' },
      ],
    },
  ];
}
