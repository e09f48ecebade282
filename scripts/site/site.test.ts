import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { parse } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtInChecks } from '../../checks/index.ts';
import { FAILURE_CLASSES } from '../../src/doctor/failure.ts';
import { renderPage } from './markdown.ts';
import { buildSite } from './site.ts';

type Element = DefaultTreeAdapterTypes.Element;

interface Page {
  readonly elements: readonly Element[];
  readonly complaints: readonly string[];
}

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'stethos-site-'));
let external: readonly string[] = [];
const files = new Set<string>();
const pages = new Map<string, Page>();

beforeAll(async () => {
  external = await buildSite({ root, folder, version: '0.1.0' });
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      files.add(
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      );
  for (const file of files) if (file.endsWith('.html')) pages.set(file, readPage(file));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function readPage(file: string): Page {
  const complaints: string[] = [];
  const document = parse(readFileSync(join(folder, file), 'utf8'), {
    onParseError: ({ code, startLine }) => void complaints.push(`${code} in line ${startLine}`),
  });
  const elements: Element[] = [];
  const visit = (node: DefaultTreeAdapterTypes.ParentNode): void => {
    for (const child of node.childNodes)
      if ('tagName' in child) {
        elements.push(child);
        visit(child);
      }
  };
  visit(document);
  return { elements, complaints };
}

const valueOf = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((attribute) => attribute.name === name)?.value;

const idsOf = ({ elements }: Page): readonly string[] =>
  elements.flatMap((element) => valueOf(element, 'id') ?? []);

/** Everything that a page leads to or takes in, from the root of the site. */
const addressesOf = (
  file: string,
  { elements }: Page,
): readonly { url: string; file: string; fragment: string }[] =>
  elements
    .flatMap((element) => [valueOf(element, 'href'), valueOf(element, 'src')])
    .filter((url) => url !== undefined && !/^(?:https?|mailto|data):/.test(url))
    .map((url = '') => {
      const [path = '', fragment = ''] = url.split('#');
      return {
        url: `${file}: ${url}`,
        file: path === '' ? file : posix.normalize(posix.join(posix.dirname(file), path)),
        fragment,
      };
    });

describe('the site', () => {
  test('has a page for each check, and each document', () => {
    for (const { id } of builtInChecks) expect(files).toContain(`checks/${id}.html`);
    expect(files).toContain('index.html');
    expect(pages.size).toBeGreaterThan(builtInChecks.length);
  });

  test('each link, picture and anchor is there', () => {
    const broken = [...pages].flatMap(([file, page]) =>
      addressesOf(file, page)
        .filter((address) => {
          const there = pages.get(address.file);
          if (!files.has(address.file)) return true;
          return address.fragment !== '' && !(there && idsOf(there).includes(address.fragment));
        })
        .map(({ url }) => url),
    );
    expect(broken).toEqual([]);
  });

  test('each page is reached from the first one', () => {
    const reached = new Set<string>();
    const waiting = ['index.html'];
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const page = pages.get(file);
      if (!page || reached.has(file)) continue;
      reached.add(file);
      waiting.push(...addressesOf(file, page).map((address) => address.file));
    }
    expect([...pages.keys()].filter((file) => !reached.has(file))).toEqual([]);
  });

  test('docs/README.md lists each page beside it', () => {
    const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
    const documents = readdirSync(join(root, 'docs')).filter(
      (name) => name.endsWith('.md') && name !== 'README.md',
    );
    expect(documents.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });

  test('no page asks another site for anything, and links elsewhere are known', () => {
    const asked = [...pages.values()].flatMap(({ elements }) =>
      elements
        .filter(({ tagName }) => tagName !== 'a')
        .flatMap((element) => [valueOf(element, 'href'), valueOf(element, 'src')])
        .filter((url) => url !== undefined && /^(?:https?:)?\/\//.test(url)),
    );
    expect(asked).toEqual([]);
    expect(readFileSync(join(folder, 'assets/style.css'), 'utf8')).not.toMatch(/url\(|@import/);
    expect(external.length).toBeGreaterThan(0);
    expect(external.filter((url) => !URL.canParse(url) || !url.startsWith('https://'))).toEqual([]);
  });

  test('the pages are sound HTML: one main heading, a language, a title, ids that are unique', () => {
    const faults = [...pages].flatMap(([file, page]) => {
      const count = (name: string): number => page.elements.filter(({ tagName }) => tagName === name).length;
      const html = page.elements.find(({ tagName }) => tagName === 'html');
      const ids = idsOf(page);
      return [
        ...page.complaints,
        ...(count('h1') === 1 ? [] : [`${count('h1')} main headings`]),
        ...(count('title') === 1 && count('main') === 1 ? [] : ['no title or main part']),
        ...(html && valueOf(html, 'lang') === 'en' ? [] : ['no language']),
        ...(new Set(ids).size === ids.length ? [] : ['ids that are there twice']),
        ...page.elements
          .filter((element) => element.tagName === 'img' && !valueOf(element, 'alt'))
          .map(() => 'a picture without words'),
      ].map((fault) => `${file}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });

  test('each failure class can be linked to and names the checks that report it', () => {
    const page = pages.get('failure-classes.html');
    expect(page && idsOf(page)).toEqual(expect.arrayContaining(Object.keys(FAILURE_CLASSES)));
    const text = readFileSync(join(folder, 'failure-classes.html'), 'utf8');
    expect(text.match(/Reported by: <a /g)).toHaveLength(Object.keys(FAILURE_CLASSES).length);
  });
});

describe('a page', () => {
  const place = { source: 'docs/a.md', target: 'a.html', locate: () => undefined };

  test('has anchors as GitHub makes them', () => {
    const { headings } = renderPage('# One `two`, three!\n\n## Ä & b_c\n\ntext\n\n## Ä & b_c\n', place);
    expect(headings.map(({ id }) => id)).toEqual(['one-two-three', 'ä--b_c', 'ä--b_c-1']);
    expect(headings[1]?.text).toBe('text');
  });

  test('that links to nothing is not built', () => {
    expect(() => renderPage('[x](../gone.md)', place)).toThrow(
      'docs/a.md links to ../gone.md, which is not there',
    );
  });

  test('shows markup as text', () => {
    const { html } = renderPage('<script>alert(1)</script> [x](javascript:alert(1))', place);
    expect(html).not.toMatch(/<script|href/);
  });
});
