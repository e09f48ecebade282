import { parsed } from './documents.ts';
import { listOf, member, oneOf, recordOf } from './narrow.ts';
import type { JsonRecord } from './narrow.ts';

const TYPES = ['run_started', 'check_started', 'check_finished', 'run_finished'] as const;
const IS_LINE = new RegExp(`"type"\\s*:\\s*"(?:${TYPES.join('|')})"`);

/**
 * The report that the lines of `--format ndjson` make together; undefined for anything else. Where the last line is
 * missing the run was interrupted, and checks that were announced and have no row did not answer.
 */
export function reportOfLines(text: string): JsonRecord | undefined {
  if (!IS_LINE.test(text)) return undefined;
  const lines = linesIn(text);
  const ofType = (type: (typeof TYPES)[number]): readonly JsonRecord[] =>
    lines.filter((line) => line['type'] === type);
  const [first] = ofType('run_started');
  const last = ofType('run_finished').at(-1);
  const rows = ofType('check_finished').map((line) => member(line, 'check'));
  if (!first && !last && rows.length === 0) return undefined;
  const begun = ofType('check_started');
  const frame = last ?? { ...first, interrupted: true };
  return { ...frame, checks: inOrder([...rows, ...unanswered(rows, begun, first)], frame) };
}

/** One by one: a text of nothing but line ends must not become as many texts. */
function linesIn(text: string): JsonRecord[] {
  const lines: JsonRecord[] = [];
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    const line = lineOf(text.slice(start, end));
    if (line) lines.push(line);
    start = end + 1;
  }
  return lines;
}

function lineOf(line: string): JsonRecord | undefined {
  if (!IS_LINE.test(line)) return undefined;
  const read = recordOf(parsed(line.replace('\ufeff', '').trim()));
  return read && oneOf(TYPES, member(read, 'type')) ? read : undefined;
}

const idIn = (row: unknown): unknown => member(recordOf(row) ?? {}, 'id');

function unanswered(
  rows: readonly unknown[],
  begun: readonly JsonRecord[],
  first: JsonRecord | undefined,
): unknown[] {
  const answered = new Set(rows.map(idIn));
  const known = new Map(begun.map((line) => [member(line, 'id'), line]));
  const announced = (first && listOf(member(first, 'checks'))) ?? [];
  return [...new Set([...announced, ...known.keys()])]
    .filter((id) => typeof id === 'string' && !answered.has(id))
    .map((id) => ({
      ...known.get(id),
      id,
      status: 'incomplete',
      summary: 'the file ends before this row',
    }));
}

function inOrder(rows: readonly unknown[], frame: JsonRecord): unknown[] {
  const ids = listOf(member(frame, 'checks')) ?? [];
  const places = new Map(ids.map((id, index) => [id, index]));
  const place = (row: unknown): number => places.get(idIn(row)) ?? places.size;
  return rows.toSorted((a, b) => place(a) - place(b));
}
