import type { Bare, LogFields, LogLevel } from './logger.ts';

/** A line as the table `logs` keeps it (spec/observability.md 2.2). */
export interface LogRow {
  /** Unix seconds, and the nanoseconds within. */
  readonly ts: number;
  readonly ts_nanos: number;
  readonly level: LogLevel;
  readonly target: string;
  readonly feedback_log_body: string | null;
  readonly module_path: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly thread_id: string | null;
  readonly process_uuid: string | null;
  readonly estimated_bytes: number;
}

/** One enclosing span, its text made once. */
export interface LogSpan {
  readonly text: string;
  readonly threadId: string | undefined;
}

export const createSpan = (name: string, fields: LogFields = {}): LogSpan => {
  const text = formatFields(fields);
  return { text: `${name}${text === '' ? '' : `{${text}}`}:`, threadId: threadIdIn(fields) };
};

/** How one line is made of what was said and where. */
export function createRow({
  spans,
  level,
  target,
  message,
  fields = {},
  nowMs,
  processUuid,
}: {
  /** From the root to the leaf. */
  readonly spans: readonly LogSpan[];
  readonly level: LogLevel;
  readonly target: string;
  readonly message: string;
  readonly fields?: LogFields | undefined;
  readonly nowMs: number;
  readonly processUuid: string;
}): LogRow {
  const said = [message, formatFields(fields)].filter((part) => part !== '').join(' ');
  const body = spans.length > 0 ? `${spans.map(({ text }) => text).join('')} ${said}` : said;
  const innermost = spans.findLast(({ threadId }) => threadId !== undefined)?.threadId;
  const wholeMs = Math.floor(nowMs);
  return {
    ts: Math.floor(wholeMs / 1_000),
    ts_nanos: (wholeMs % 1_000) * 1_000_000 + Math.floor((nowMs - wholeMs) * 1_000_000),
    level,
    target,
    feedback_log_body: body,
    module_path: null,
    file: null,
    line: null,
    thread_id: threadIdIn(fields) ?? innermost ?? null,
    process_uuid: processUuid,
    estimated_bytes: Buffer.byteLength(body) + Buffer.byteLength(level) + Buffer.byteLength(target),
  };
}

/** `key=value` with one space between; strings in quotes, everything else bare. */
function formatFields(fields: LogFields): string {
  return Object.entries(fields)
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${formatValue(value)}`]))
    .join(' ');
}

function formatValue(value: string | number | boolean | bigint | Bare): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' ? value.bare : String(value);
}

function threadIdIn(fields: LogFields): string | undefined {
  const value = fields['thread_id'];
  if (value === undefined) return undefined;
  return typeof value === 'object' ? value.bare : String(value);
}
