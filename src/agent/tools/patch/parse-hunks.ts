import type { Chunk, ChunkLine, Hunk } from './patch.ts';

/** Everything that was understood, up to the first line that was not. */
export interface HunksRead {
  readonly hunks: readonly Hunk[];
  readonly fault?: { readonly lineNumber: number; readonly message: string };
}

/** Where a reader stands. */
interface Cursor {
  readonly lines: readonly string[];
  at: number;
}

/** Internal to this file: leaves the descent, and becomes a value where it ends. */
class HunkFault extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

const ADD = '*** Add File: ';
const DELETE = '*** Delete File: ';
const UPDATE = '*** Update File: ';
const MOVE = '*** Move to: ';
const ENVIRONMENT = '*** Environment ID:';
const END_OF_FILE = '*** End of File';
const KINDS: Readonly<Record<string, ChunkLine['kind']>> = { ' ': 'keep', '+': 'add', '-': 'remove' };

/**
 * Reads what stands between the first and the last marker of a patch.
 * @param firstLineNumber of `lines[0]`, for messages
 */
export function parseHunks(lines: readonly string[], firstLineNumber: number): HunksRead {
  const cursor: Cursor = { lines, at: 0 };
  const hunks: Hunk[] = [];
  try {
    skipEnvironment(cursor);
    while (cursor.at < lines.length) readHunk(cursor, hunks);
    return { hunks };
  } catch (error) {
    if (!(error instanceof HunkFault)) throw error;
    return { hunks, fault: { lineNumber: firstLineNumber + error.at, message: error.message } };
  }
}

/** There is one environment here; its name is accepted and needs no answer. */
function skipEnvironment(cursor: Cursor): void {
  const line = cursor.lines[cursor.at]?.trim();
  if (line === undefined || !line.startsWith(ENVIRONMENT)) return;
  if (line.length === ENVIRONMENT.length) throw new HunkFault(cursor.at, 'the environment id is empty');
  cursor.at += 1;
}

/** What was read of a hunk is kept also when its end cannot be read, for the preview of a patch that still arrives. */
function readHunk(cursor: Cursor, hunks: Hunk[]): void {
  const headerAt = cursor.at;
  const header = cursor.lines[headerAt]?.trim() ?? '';
  cursor.at += 1;
  if (header.startsWith(ADD))
    hunks.push({ kind: 'add', path: header.slice(ADD.length), text: readAdded(cursor) });
  else if (header.startsWith(DELETE)) hunks.push({ kind: 'delete', path: header.slice(DELETE.length) });
  else if (header.startsWith(UPDATE))
    readUpdate(cursor, { path: header.slice(UPDATE.length), headerAt, hunks });
  else
    throw new HunkFault(
      headerAt,
      `"${header}" is no header of a hunk. Known are "${ADD}<path>", "${DELETE}<path>" and "${UPDATE}<path>"`,
    );
}

function readAdded(cursor: Cursor): string {
  let text = '';
  for (let line = cursor.lines[cursor.at]; line?.startsWith('+'); line = cursor.lines[cursor.at]) {
    text += `${line.slice(1)}\n`;
    cursor.at += 1;
  }
  return text;
}

function readUpdate(
  cursor: Cursor,
  { path, headerAt, hunks }: { readonly path: string; readonly headerAt: number; readonly hunks: Hunk[] },
): void {
  const move = cursor.lines[cursor.at];
  const movedTo = move?.startsWith(MOVE) ? move.slice(MOVE.length).trimEnd() : undefined;
  if (movedTo !== undefined) cursor.at += 1;
  const chunks: Chunk[] = [];
  hunks.push({ kind: 'update', path, ...(movedTo === undefined ? {} : { movedTo }), chunks });
  for (;;) {
    skipBlanksBeforeMarker(cursor);
    const line = cursor.lines[cursor.at];
    if (line === undefined || line.startsWith('***')) break;
    readChunk(cursor, chunks);
  }
  if (chunks.length === 0) throw new HunkFault(headerAt, `the update of "${path}" is empty`);
}

/** Blank lines that nothing but a marker follows part the text for the eye; others are lines of the file. */
function skipBlanksBeforeMarker(cursor: Cursor): void {
  let at = cursor.at;
  while (cursor.lines[at]?.trim() === '') at += 1;
  const next = cursor.lines[at];
  if (next === undefined || next.startsWith('***') || next.startsWith('@@')) cursor.at = at;
}

function readChunk(cursor: Cursor, chunks: Chunk[]): void {
  const marker = cursor.lines[cursor.at] ?? '';
  const hasMarker = marker.trimEnd() === '@@' || marker.startsWith('@@ ');
  if (!hasMarker && chunks.length > 0)
    throw new HunkFault(
      cursor.at,
      `a further chunk of an update begins with "@@", and this line is "${marker}"`,
    );
  const context = hasMarker ? marker.slice('@@ '.length) : '';
  if (hasMarker) cursor.at += 1;
  const lines = readChunkLines(cursor);
  const atEnd = cursor.lines[cursor.at]?.trimEnd() === END_OF_FILE;
  if (lines.length === 0) throw new HunkFault(cursor.at, 'this chunk of an update has no lines');
  if (atEnd) cursor.at += 1;
  chunks.push({ ...(context.trim() === '' ? {} : { context }), lines, atEnd });
}

function readChunkLines(cursor: Cursor): readonly ChunkLine[] {
  const lines: ChunkLine[] = [];
  for (let line = cursor.lines[cursor.at]; line !== undefined; line = cursor.lines[cursor.at]) {
    // Models leave the blank out of an empty line.
    const kind = line === '' ? 'keep' : KINDS[line.charAt(0)];
    if (kind === undefined) {
      if (line.startsWith('***') || (line.startsWith('@@') && lines.length > 0)) break;
      throw new HunkFault(
        cursor.at,
        `"${line}" cannot stand in an update: its lines begin with " " (kept), "+" (added) or "-" (removed)`,
      );
    }
    lines.push({ kind, text: line.slice(1) });
    cursor.at += 1;
  }
  return lines;
}
