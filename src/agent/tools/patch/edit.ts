import { createLineFinder } from './match.ts';
import type { LineFinder } from './match.ts';
import type { Chunk, ChunkLine } from './patch.ts';

export type Edited =
  | { readonly kind: 'edited'; readonly text: string }
  | { readonly kind: 'no_context'; readonly context: string }
  | { readonly kind: 'no_lines'; readonly lines: readonly string[] };

/** `count` lines of the file, from `start` on, become others. */
interface Replacement {
  readonly start: number;
  readonly count: number;
  readonly lines: readonly string[];
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Changes a text as the chunks of an update say, in their order. Lines that stay keep their bytes, also where the patch
 * spells them a little differently; new ones get the line end of the file's first line. The result ends with a line end.
 */
export function editText(text: string, chunks: readonly Chunk[]): Edited {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const file = splitLines(text.slice(mark.length));
  const finder = createLineFinder(file.lines.map(withoutReturn));
  const replacements: Replacement[] = [];
  let from = 0;
  for (const chunk of chunks) {
    if (chunk.context !== undefined) {
      const found = finder.find([chunk.context], { from, atEnd: false });
      if (found === undefined) return { kind: 'no_context', context: chunk.context };
      from = found + 1;
    }
    const place = locate(chunk, { finder, from, end: file.lines.length });
    if (!place) return { kind: 'no_lines', lines: oldLines(chunk.lines) };
    const { start, count, lines } = place;
    replacements.push({
      start,
      count,
      lines: newLines(lines, file.lines.slice(start, start + count), file.ending),
    });
    // What goes to the end of the file does not move the place where the next chunk is looked for.
    if (count > 0) from = start + count;
  }
  const lines = applied(file.lines, replacements);
  return { kind: 'edited', text: mark + lines.map((line) => `${line}\n`).join('') };
}

interface Place {
  readonly start: number;
  readonly count: number;
  /** Those of the chunk, as they fit here. */
  readonly lines: readonly ChunkLine[];
}

function locate(
  { lines, atEnd }: Chunk,
  { finder, from, end }: { readonly finder: LineFinder; readonly from: number; readonly end: number },
): Place | undefined {
  // A pure insertion.
  if (oldLines(lines).length === 0) return { start: end, count: 0, lines };
  for (const candidate of [lines, withoutLastBlank(lines)]) {
    const old = oldLines(candidate);
    const start = old.length > 0 ? finder.find(old, { from, atEnd }) : undefined;
    if (start !== undefined) return { start, count: old.length, lines: candidate };
  }
  return undefined;
}

/**
 * An empty old line at the end is often no line at all: models see one behind the last line end. Then it is not looked for;
 * where it was to stay it comes into the file, unless it would be the last line there as well. As the shipping agent does.
 */
function withoutLastBlank(lines: readonly ChunkLine[]): readonly ChunkLine[] {
  const last = lines.findLastIndex(({ kind }) => kind !== 'add');
  if (lines[last]?.text !== '') return [];
  const rest =
    lines[last].kind === 'keep' ? lines.with(last, { kind: 'add', text: '' }) : lines.toSpliced(last, 1);
  const end = rest.findLastIndex(({ kind }) => kind !== 'remove');
  if (rest[end]?.text !== '') return rest;
  return rest[end].kind === 'keep' ? rest.with(end, { kind: 'remove', text: '' }) : rest.toSpliced(end, 1);
}

function newLines(
  lines: readonly ChunkLine[],
  originals: readonly string[],
  ending: string,
): readonly string[] {
  let at = 0;
  return lines.flatMap(({ kind, text }) => {
    if (kind === 'add') return [text + ending];
    const original = originals[at] ?? text;
    at += 1;
    return kind === 'keep' ? [original] : [];
  });
}

function applied(lines: readonly string[], replacements: readonly Replacement[]): readonly string[] {
  const result = [...lines];
  // From the bottom up, so that what was found above stays where it is; of two at one place the later one goes first.
  const order = replacements.toReversed().toSorted((one, other) => other.start - one.start);
  for (const { start, count, lines: inserted } of order) result.splice(start, count, ...inserted);
  return result;
}

const oldLines = (lines: readonly ChunkLine[]): readonly string[] =>
  lines.filter(({ kind }) => kind !== 'add').map(({ text }) => text);

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** Lines without their `\n`; `ending` is what stands before it in the first one. */
function splitLines(text: string): { readonly lines: readonly string[]; readonly ending: string } {
  const lines = text.split('\n');
  const ending = lines.length > 1 && lines[0]?.endsWith('\r') ? '\r' : '';
  // Behind the last line end stands nothing, or a line without one, which gets one.
  const last = lines.pop() ?? '';
  if (last !== '') lines.push(last.endsWith('\r') ? last : last + ending);
  return { lines, ending };
}
