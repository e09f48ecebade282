import { setImmediate } from 'node:timers/promises';
import type { BytesRead, Files } from '../../host/files.ts';
import { sessionMetaOf } from './header.ts';
import type { SessionMeta } from './header.ts';
import type { JsonObject } from '../../host/json.ts';
import { createLineReader, parseLine } from './lines.ts';
import type { LineFault, LinePlace, LineReader } from './lines.ts';
import { unpack } from './zstd.ts';

/** What the first record of a session file is. */
export type FirstRecord =
  | { readonly kind: 'session_meta'; readonly meta: SessionMeta }
  /** Written before the agent tagged its records; it lists such files no more, and they are not damaged. */
  | { readonly kind: 'old_format' }
  /** Another record stands first: the session is listed and cannot be resumed. */
  | { readonly kind: 'other' }
  /** No record at all in what was read. */
  | { readonly kind: 'none' };

export interface RolloutContent {
  readonly kind: 'read';
  readonly first: FirstRecord;
  readonly lines: number;
  /** The first few faults in order, and how many there are. */
  readonly faults: readonly LineFault[];
  readonly faultCount: number;
  /** The last line has no end and is not a record: its writing was interrupted, or is going on. */
  readonly unfinished: LineFault | undefined;
  readonly bytesRead: number;
  /** False when only the beginning and the end were read. */
  readonly whole: boolean;
}

export type ContentRead =
  | RolloutContent
  | { readonly kind: 'empty' }
  /** A compressed file that does not unpack; `truncated` when only its end is missing. */
  | { readonly kind: 'unpack'; readonly truncated: boolean; readonly code: string }
  | Exclude<BytesRead, { readonly kind: 'read' }>;

export interface ContentOptions {
  /** Everything, or this many bytes of each end. */
  readonly extent: 'whole' | { readonly endBytes: number };
  readonly signal: AbortSignal;
}

const CHUNK_BYTES = 256 * 1024;
/** The first line names the thread, so it is read further than other lines are when only the ends are looked at. */
const FIRST_LINE_BYTES = 1024 * 1024;
/** A record this long is no conversation: the agent itself would have to hold it, and the model could never see it. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
const FAULTS_KEPT = 5;

/** Checks the records of one session file. Memory stays at one line; never throws, and stops when the signal aborts. */
export async function readContent(
  files: Files,
  path: string,
  { extent, signal }: ContentOptions,
): Promise<ContentRead> {
  const seen = files.look(path);
  if (seen.kind !== 'found') return seen;
  if (seen.type !== 'file') return { kind: 'wrong_type', type: seen.type };
  if (seen.size === 0) return { kind: 'empty' };
  const collected = collect();
  if (path.endsWith('.zst')) return readCompressed(files, path, collected, { extent, signal });
  if (extent === 'whole' || seen.size <= 2 * extent.endBytes) {
    const failed = await readWhole(files, path, collected, signal);
    return failed ?? collected.result(true);
  }
  return readEnds(files, path, seen.size, extent.endBytes, collected);
}

async function readWhole(
  files: Files,
  path: string,
  { reader, read }: Collector,
  signal: AbortSignal,
): Promise<Exclude<BytesRead, { readonly kind: 'read' }> | undefined> {
  const lines = reader(0, MAX_LINE_BYTES);
  for (let offset = 0; !signal.aborted;) {
    const part = files.readBytes(path, { offset, maxBytes: CHUNK_BYTES });
    if (part.kind !== 'read') return part;
    read(part.bytes.length);
    lines.push(part.bytes);
    offset += part.bytes.length;
    if (!part.truncated || part.bytes.length === 0) break;
    await setImmediate();
  }
  lines.end();
  return undefined;
}

function readEnds(
  files: Files,
  path: string,
  size: number,
  endBytes: number,
  collected: Collector,
): ContentRead {
  const { reader, read, note } = collected;
  let head = files.readBytes(path, { maxBytes: endBytes });
  if (head.kind !== 'read') return head;
  if (!head.bytes.includes('\n')) {
    head = files.readBytes(path, { maxBytes: Math.min(FIRST_LINE_BYTES, size) });
    if (head.kind !== 'read') return head;
  }
  read(head.bytes.length);
  // Without `end`: the line that the limit cuts is not judged, unless not even the first one is complete.
  if (head.bytes.includes('\n')) reader(0, MAX_LINE_BYTES).push(head.bytes);
  else note({ kind: head.bytes.includes(0) ? 'nul_bytes' : 'too_long', line: 1, offset: 0 });
  const offset = Math.max(head.bytes.length, size - endBytes);
  if (offset < size) {
    const tail = files.readBytes(path, { offset, maxBytes: endBytes });
    if (tail.kind !== 'read') return tail;
    read(tail.bytes.length);
    const lines = reader(offset, endBytes);
    lines.push(tail.bytes);
    if (tail.bytes.includes('\n')) lines.end();
  }
  return collected.result(false);
}

async function readCompressed(
  files: Files,
  path: string,
  { reader, read, result }: Collector,
  { extent, signal }: ContentOptions,
): Promise<ContentRead> {
  const mostBytes = extent === 'whole' ? Number.POSITIVE_INFINITY : 2 * extent.endBytes;
  let packed = 0;
  let failed: Exclude<BytesRead, { readonly kind: 'read' }> | undefined;
  let unpacked = 0;
  const lines = reader(0, MAX_LINE_BYTES);
  function* chunks(): Generator<Buffer> {
    for (;;) {
      const part = files.readBytes(path, { offset: packed, maxBytes: CHUNK_BYTES });
      if (part.kind !== 'read') {
        failed = part;
        return;
      }
      packed += part.bytes.length;
      yield part.bytes;
      if (!part.truncated || signal.aborted) return;
    }
  }
  const fault = await unpack(chunks(), (piece) => {
    unpacked += piece.length;
    lines.push(piece);
    return unpacked < mostBytes && !signal.aborted;
  });
  read(unpacked);
  if (failed) return failed;
  if (fault) return { kind: 'unpack', truncated: fault.kind === 'truncated', code: fault.code };
  if (unpacked === 0) return { kind: 'empty' };
  const whole = unpacked < mostBytes;
  if (whole) lines.end();
  return result(whole);
}

interface Collector {
  readonly note: (fault: LineFault) => void;
  readonly reader: (startOffset: number, maxLineBytes: number) => LineReader;
  readonly read: (bytes: number) => void;
  readonly result: (whole: boolean) => RolloutContent;
}

function collect(): Collector {
  const faults: LineFault[] = [];
  let faultCount = 0;
  let lines = 0;
  let bytesRead = 0;
  let first: FirstRecord = { kind: 'none' };
  let unfinished: LineFault | undefined;

  const note = (fault: LineFault): void => {
    faultCount += 1;
    if (faults.length < FAULTS_KEPT) faults.push(fault);
  };
  const onLine = (bytes: Buffer, { line, offset, ended }: LinePlace): void => {
    lines += 1;
    const parsed = parseLine(bytes);
    if (parsed.kind === 'blank') return;
    if (parsed.kind === 'record') {
      if (first.kind === 'none' && line !== undefined) first = firstRecordOf(parsed.record);
    } else if (ended) note({ kind: parsed.kind, line, offset });
    else unfinished = { kind: parsed.kind, line, offset };
  };
  return {
    note,
    reader: (startOffset, maxLineBytes) =>
      createLineReader({
        startOffset,
        maxLineBytes,
        onLine,
        onTooLong: ({ line, offset }) => note({ kind: 'too_long', line, offset }),
      }),
    read: (bytes) => {
      bytesRead += bytes;
    },
    result: (whole) => ({
      kind: 'read',
      first,
      lines,
      faults,
      faultCount,
      unfinished,
      bytesRead,
      whole,
    }),
  };
}

function firstRecordOf(record: Readonly<Record<string, unknown>>): FirstRecord {
  const meta = sessionMetaOf(record as JsonObject);
  if (meta) return { kind: 'session_meta', meta };
  const untagged = !('payload' in record) && typeof record['timestamp'] === 'string' && 'id' in record;
  return { kind: untagged ? 'old_format' : 'other' };
}
