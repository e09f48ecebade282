import MarkdownIt from 'markdown-it';
import type Token from 'markdown-it/lib/token.mjs';
import { measureFor, padEnd, wrap } from '../../../reporters/text/layout.ts';
import type { Measure } from '../../../reporters/text/layout.ts';
import { paintFor } from '../../../reporters/text/paint.ts';
import type { Paint, Role } from '../../../reporters/text/paint.ts';
import type { Style } from '../../../reporters/reporter.ts';

/** Longer lines are hard to read as prose, whatever the terminal holds. */
const WIDEST_PROSE = 96;
const CODE_INDENT = '    ';

/** A piece of a line in one look. */
interface Span {
  readonly text: string;
  readonly role: Role | undefined;
}

interface Page {
  readonly paint: Paint;
  readonly measure: Measure;
  readonly width: number;
}

/** A Markdown page for a terminal: wrapped, its marks replaced by looks. Ends in one newline. */
export async function renderMarkdown(markdown: string, style: Style): Promise<string> {
  const page = {
    paint: await paintFor(style.color),
    measure: await measureFor(markdown),
    width: Math.min(style.width, WIDEST_PROSE),
  };
  return `${blocksOf(new MarkdownIt().parse(markdown, {}), page).join('\n\n')}\n`;
}

/** Paragraphs, lists and tables, each as the text that it becomes. */
function blocksOf(tokens: readonly Token[], page: Page): readonly string[] {
  const blocks: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token) continue;
    const end = token.nesting === 1 ? closing(tokens, at) : at;
    const inner = tokens.slice(at + 1, end);
    const text = blockOf(token, inner, page);
    if (text !== undefined) blocks.push(text);
    at = end;
  }
  return blocks;
}

function blockOf(token: Token, inner: readonly Token[], page: Page): string | undefined {
  switch (token.type) {
    case 'heading_open':
      return page.paint('title', plain(inner));
    case 'paragraph_open':
      return wrapSpans(spansOf(inner), page).join('\n');
    case 'bullet_list_open':
    case 'ordered_list_open':
      return itemsOf(inner, page, { start: token.type === 'bullet_list_open' ? undefined : 1 });
    case 'fence':
    case 'code_block':
      return token.content
        .trimEnd()
        .split('\n')
        .map((line) => `${CODE_INDENT}${page.paint('command', line)}`)
        .join('\n');
    case 'table_open':
      return tableOf(inner, page);
    case 'blockquote_open':
      return blocksOf(inner, page).join('\n\n');
    case 'hr':
      return '─'.repeat(page.width);
    default:
      return undefined;
  }
}

function itemsOf(
  tokens: readonly Token[],
  page: Page,
  { start }: { readonly start: number | undefined },
): string {
  const items: string[] = [];
  tokens.forEach((token, at) => {
    if (token.type !== 'list_item_open' || token.level !== tokens[0]?.level) return;
    const mark = start === undefined ? '• ' : `${start + items.length}. `;
    const indent = ' '.repeat(mark.length);
    const inner = tokens.slice(at + 1, closing(tokens, at));
    const text = blocksOf(inner, { ...page, width: page.width - mark.length }).join('\n');
    items.push(`${mark}${text.replaceAll('\n', `\n${indent}`)}`);
  });
  return items.join('\n');
}

/** Columns side by side where they fit, otherwise the cells of a row below each other. */
function tableOf(tokens: readonly Token[], { paint, measure, width }: Page): string {
  const rows = rowsOf(tokens);
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => measure(row[column] ?? ''))),
  );
  const gap = '  ';
  const fits = widths.reduce((sum, each) => sum + each + gap.length, 0) <= width;
  return rows
    .map((row, index) => {
      const cells = fits ? row.map((cell, column) => padEnd(cell, widths[column] ?? 0, measure)) : row;
      const lines = fits
        ? [cells.join(gap).trimEnd()]
        : cells.flatMap((cell, column) =>
            wrap(cell, width - gap.length, measure).map((line) => (column === 0 ? line : `${gap}${line}`)),
          );
      return lines.map((line) => (index === 0 ? paint('label', line) : line)).join('\n');
    })
    .join('\n');
}

const rowsOf = (tokens: readonly Token[]): readonly (readonly string[])[] =>
  tokens.flatMap((token, at) =>
    token.type === 'tr_open'
      ? [
          tokens
            .slice(at, closing(tokens, at))
            .flatMap((cell) => (cell.type === 'inline' ? [plain([cell])] : [])),
        ]
      : [],
  );

const plain = (tokens: readonly Token[]): string =>
  spansOf(tokens)
    .map(({ text }) => text)
    .join('');

/** Looks go by marks: code as a command, strong words as a title. A link is its words. */
function spansOf(tokens: readonly Token[]): readonly Span[] {
  let role: Role | undefined;
  return tokens
    .flatMap((token) => token.children ?? [])
    .flatMap((token): readonly Span[] => {
      if (token.type === 'strong_open') role = 'title';
      if (token.type === 'strong_close') role = undefined;
      if (token.type === 'code_inline') return [{ text: token.content, role: 'command' }];
      if (token.type === 'softbreak' || token.type === 'hardbreak') return [{ text: ' ', role: undefined }];
      return token.type === 'text' ? [{ text: token.content, role }] : [];
    });
}

/** Breaks at spaces; colours take no room. */
function wrapSpans(spans: readonly Span[], { paint, measure, width }: Page): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of wordsOf(spans)) {
    const wide = measure(word.map(({ text }) => text).join(''));
    const painted = word.map(({ text, role }) => (role === undefined ? text : paint(role, text))).join('');
    if (used > 0 && used + 1 + wide > width) {
      lines.push(line);
      line = painted;
      used = wide;
    } else {
      line = used === 0 ? painted : `${line} ${painted}`;
      used += used === 0 ? wide : 1 + wide;
    }
  }
  return [...lines, line];
}

/** What stands between two blanks, which may be in several looks: `code`, and a comma behind it. */
function wordsOf(spans: readonly Span[]): readonly (readonly Span[])[] {
  const words: Span[][] = [[]];
  for (const { text, role } of spans)
    text.split(/ +/).forEach((piece, index) => {
      if (index > 0) words.push([]);
      if (piece !== '') words.at(-1)?.push({ text: piece, role });
    });
  return words.filter((word) => word.length > 0);
}

/** Where the block ends that begins at `start`. */
function closing(tokens: readonly Token[], start: number): number {
  const { level } = tokens[start] ?? {};
  const end = tokens.findIndex((token, at) => at > start && token.nesting === -1 && token.level === level);
  return end === -1 ? tokens.length : end;
}
