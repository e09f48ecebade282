import { existsSync, readdirSync, statSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { writeAssets } from './assets.ts';
import { checkIndex, withReporters } from './check-index.ts';
import { escapeHtml, pageHtml } from './layout.ts';
import { relativeUrl, renderPage } from './markdown.ts';
import type { Rendered } from './markdown.ts';
import { searchEntries } from './search.ts';
import { CHECK_INDEX, navigationOf, sourcePages, titleOf } from './sources.ts';

const PICTURES = new Set(['.png', '.svg', '.jpg', '.webp']);

interface SiteOptions {
  /** Of the repository, absolute. */
  readonly root: string;
  /** Emptied and filled. */
  readonly folder: string;
  readonly version: string;
}

/**
 * Makes the documentation a static site.
 * @returns the addresses of other sites that it links to; nobody asks whether they answer
 * @throws Error when a document links to what is not there
 */
export async function buildSite({ root, folder, version }: SiteOptions): Promise<readonly string[]> {
  const documents = sourcePages(root).map((page) =>
    page.source === 'docs/failure-classes.md' ? { ...page, markdown: withReporters(page.markdown) } : page,
  );
  const navigation = navigationOf(documents);
  const byPath = new Map(documents.map(({ source, target }) => [source, target]));
  byPath.set('docs/checks', CHECK_INDEX);
  /** Files that documents link to, which are shown or copied. */
  const linked = new Map<string, string>();
  const locate = (path: string): string | undefined => {
    const page = byPath.get(path);
    if (page !== undefined) return page;
    if (path.startsWith('..') || !existsSync(join(root, path))) return undefined;
    const target = targetOf(root, path);
    linked.set(path, target);
    return target;
  };

  const written = [
    ...documents,
    { source: 'docs/checks.md', target: CHECK_INDEX, markdown: checkIndex() },
  ].map(({ source, target, markdown }) => ({
    target,
    title: titleOf(markdown),
    ...renderPage(markdown, { source, target, locate }),
  }));

  await rm(folder, { recursive: true, force: true });
  const write = (
    page: Omit<Rendered, 'headings'> & Partial<Rendered> & { target: string; title: string },
  ): Promise<void> =>
    writeInto(folder, page.target, pageHtml({ headings: [], ...page, body: page.html, navigation, version }));
  for (const page of written) await write(page);
  // A folder's files are added while this goes on.
  for (const [path, target] of linked) {
    const file = join(root, path);
    if (PICTURES.has(extname(path))) {
      await mkdir(dirname(join(folder, target)), { recursive: true });
      await copyFile(file, join(folder, target));
    } else if (statSync(file).isDirectory()) {
      const links = filesIn(file).map((name) => {
        const url = relativeUrl(target, locate(`${path}/${name}`) ?? '');
        return `<li><a href="${escapeHtml(url)}">${escapeHtml(name)}</a></li>`;
      });
      await write({
        target,
        title: path,
        html: `<h1>${escapeHtml(path)}</h1>\n<ul>\n${links.join('\n')}\n</ul>`,
      });
    } else {
      const html = `<h1>${escapeHtml(path)}</h1>\n<pre><code>${escapeHtml(await readFile(file, 'utf8'))}</code></pre>`;
      await write({ target, title: path, html });
    }
  }
  await writeAssets(folder, searchEntries(written));
  const external = written.flatMap(({ html }) => html.match(/(?<=href=")https?:[^"]+/g) ?? []);
  return [...new Set(external)].toSorted();
}

/** A document's own page is known before; this is for everything else that is linked to. */
function targetOf(root: string, path: string): string {
  if (PICTURES.has(extname(path))) return `pictures/${path}`;
  return statSync(join(root, path)).isDirectory() ? `source/${path}/index.html` : `source/${path}.html`;
}

/** Without what an installation or a build put there. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => !/(?:^|\/)(?:node_modules|dist)\//.test(name))
    .toSorted();

async function writeInto(folder: string, path: string, text: string): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
