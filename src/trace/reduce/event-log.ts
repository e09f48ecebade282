import { createReadStream } from 'node:fs';
import { files } from '../../host/files.ts';
import { createLineReader, parseLine } from '../../store/rollouts/lines.ts';
import type { RawEvent } from '../event/event.ts';
import { SCHEMA_VERSION } from '../event/event.ts';
import type { rawEventSchema } from '../event/schema.ts';
import { TraceFault } from './fault.ts';

/** Code of the model stands in an event; nothing else in one is long. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** A thousand events are a long turn; what has this many is no trace of a thread. */
const MAX_EVENTS = 5_000_000;

interface EventLogOptions {
  readonly schema: typeof rawEventSchema;
  readonly rolloutId: string;
  readonly onEvent: (event: RawEvent, line: number) => void;
}

export interface LogEnd {
  /** A last line that is no event: its writer was interrupted. */
  readonly brokenTail?: { readonly line: number; readonly reason: string };
}

/**
 * Reads the events one by one, holding one line at a time. Blank lines are passed over (spec/observability.md 5).
 * @throws TraceFault, also what `onEvent` throws, with its line
 */
export async function readEvents(
  path: string,
  { schema, rolloutId, onEvent }: EventLogOptions,
): Promise<LogEnd> {
  const look = files.look(path);
  if (look.kind !== 'found' || look.type !== 'file')
    throw new TraceFault('not_a_bundle', 'there is no event log that can be read');
  let events = 0;
  let broken: LogEnd['brokenTail'];
  const take = (bytes: Buffer, line: number): void => {
    const parsed = parseLine(bytes);
    if (parsed.kind === 'blank') return;
    if (broken) throw new TraceFault('malformed_line', broken.reason, broken.line);
    if (parsed.kind !== 'record') {
      broken = { line, reason: `it is no whole event (${parsed.kind})` };
      return;
    }
    events += 1;
    if (events > MAX_EVENTS) throw new TraceFault('too_large', `there are more than ${MAX_EVENTS} events`);
    onEvent(decode(parsed.record, { schema, rolloutId, seq: events }), line);
  };
  let current = 0;
  const reader = createLineReader({
    startOffset: 0,
    maxLineBytes: MAX_LINE_BYTES,
    onLine: (bytes, { line = 0 }) => {
      current = line;
      take(bytes, line);
    },
    onTooLong: ({ line }) => {
      throw new TraceFault('too_large', `the line is longer than ${MAX_LINE_BYTES} bytes`, line);
    },
  });
  try {
    for await (const chunk of createReadStream(path)) reader.push(chunk as Buffer);
    reader.end();
  } catch (error) {
    // What is nested by the ten thousand exhausts the stack of whoever walks through it.
    if (error instanceof RangeError)
      throw new TraceFault('too_large', 'what it names is too large, or nested too deeply', current);
    if (error instanceof TraceFault && error.line === undefined)
      throw new TraceFault(error.kind, error.message, current);
    throw error;
  }
  return broken ? { brokenTail: broken } : {};
}

function decode(
  record: unknown,
  { schema, rolloutId, seq }: { schema: typeof rawEventSchema; rolloutId: string; seq: number },
): RawEvent {
  const parsed = schema.safeParse(record);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.') ?? '';
    throw new TraceFault('unknown_event', `${place === '' ? 'the event' : place} is not of the format`);
  }
  const event = parsed.data;
  if (event.schema_version !== SCHEMA_VERSION)
    throw new TraceFault('unsupported_schema', `the event has schema version ${event.schema_version}`);
  if (event.seq !== seq)
    throw new TraceFault('out_of_order', `event ${seq} is missing: the next one is ${event.seq}`);
  if (event.rollout_id !== rolloutId)
    throw new TraceFault('foreign_rollout', `event ${seq} belongs to another rollout`);
  return event;
}
