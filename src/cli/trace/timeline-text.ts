import { measureFor, padEnd } from '../../../reporters/text/layout.ts';
import { paintFor } from '../../../reporters/text/paint.ts';
import type { Role } from '../../../reporters/text/paint.ts';
import type { Style } from '../../../reporters/reporter.ts';
import { visibleInOneLine } from '../../redact/control.ts';
import type { ExecutionStatus } from '../../trace/model/execution.ts';
import type { TimelineRow } from '../../trace/timeline.ts';

export interface TimelineHead {
  readonly rolloutId: string;
  readonly status: string;
  readonly isComplete: boolean;
  readonly durationMs: number | null;
  /** What could not be read, with `--tolerant`. */
  readonly leftOut?: string;
}

const ROLES: Readonly<Record<ExecutionStatus, Role>> = {
  running: 'incomplete',
  completed: 'ok',
  failed: 'fail',
  cancelled: 'warning',
  aborted: 'warning',
};

const INDENT = '  ';
const OFFSET_WIDTH = 10;

/** The timeline for a terminal: no line is wider than it, unless all is asked for. */
export async function timelineText(
  head: TimelineHead,
  rows: readonly TimelineRow[],
  style: Style,
): Promise<string> {
  const paint = await paintFor(style.color);
  const sample = rows.flatMap(({ title, details }) => [title, ...details]).join('');
  const measure = await measureFor(sample);
  const fit = (text: string, indent: number): string => {
    const line = visibleInOneLine(text);
    const limit = Math.max(MIN_TEXT_WIDTH, style.width - indent);
    if (style.all || measure(line) <= limit) return line;
    let kept = '';
    let width = 1;
    for (const { segment } of new Intl.Segmenter().segment(line.slice(0, limit * MAX_UNITS_PER_COLUMN))) {
      width += measure(segment);
      if (width > limit) break;
      kept += segment;
    }
    return `${kept}…`;
  };
  const lines = rows.flatMap((row) => {
    const indent = INDENT.repeat(row.depth);
    const offset = row.offsetMs === null ? '' : `+${seconds(row.offsetMs)}`;
    const took = row.durationMs === null ? '' : `  ${seconds(row.durationMs)}`;
    const left = OFFSET_WIDTH + indent.length;
    const title = fit(row.title, left + row.status.length + took.length + INDENT.length);
    return [
      `${paint('label', padEnd(offset, OFFSET_WIDTH, measure))}${indent}${paint('title', title)}  ` +
        `${paint(ROLES[row.status], row.status)}${paint('quiet', took)}`,
      ...row.details.map(
        (detail) => `${' '.repeat(left)}${INDENT}${paint('quiet', fit(detail, left + INDENT.length))}`,
      ),
    ];
  });
  return `${[...headLines(head).map((line) => paint('title', fit(line, 0))), '', ...lines].join('\n')}\n`;
}

/** Narrower terminals wrap: nothing readable fits into less. */
const MIN_TEXT_WIDTH = 20;
/** Enough for letters that are built from several characters. */
const MAX_UNITS_PER_COLUMN = 16;

function headLines({ rolloutId, status, isComplete, durationMs, leftOut }: TimelineHead): readonly string[] {
  const took = durationMs === null ? '' : ` after ${seconds(durationMs)}`;
  return [
    `rollout ${rolloutId}: ${status}${took}`,
    ...(isComplete ? [] : ['The recording has no end: the agent still runs, or it died.']),
    ...(leftOut === undefined ? [] : [leftOut]),
  ];
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3)}s`;
