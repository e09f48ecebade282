import type { BytesRead, Files } from '../../host/files.ts';
import { parseObjectPrefix } from './json-prefix.ts';
import type { JsonObject, JsonValue } from '../../host/json.ts';
import { unpack } from './zstd.ts';

/** What the first `session_meta` record of a session file says about the thread. */
export interface SessionMeta {
  /** Lower case; beats the id in the file name. */
  readonly id: string;
  readonly forkedFromId?: string;
  /**
   * Where the history continues from: another thread's file (a fork), or an older file of the same thread (a segment of
   * a paginated session). The child holds no copy of it.
   */
  readonly historyBase?: { readonly threadId: string; readonly endByteOffset?: number };
}

export type HeaderRead =
  | { readonly kind: 'meta'; readonly meta: SessionMeta }
  /** The file can be read, and its beginning holds no usable `session_meta`. */
  | { readonly kind: 'no_meta' }
  | { readonly kind: 'unpack'; readonly code: string }
  | Exclude<BytesRead, { readonly kind: 'read' }>;

/** How much of the first line is needed: its id stands at the front, its lineage behind the instructions. */
export type HeaderNeed = 'id' | 'lineage';

/** The id is within the first few hundred bytes of every record that the agent has ever written. */
const ID_BYTES = 2 * 1024;
/** A first line with the instructions of release 0.169 is 22 KiB. */
const LINE_BYTES = 64 * 1024;
/** First lines with hundreds of dynamic tools. Beyond that the id is looked for and the rest goes unread. */
const LONGEST_LINE_BYTES = 1024 * 1024;
/** Damage may stand before the `session_meta`; the agent skips it, and so do we, this far. */
const LINES_TRIED = 10;

/** Reads the session's metadata with as few bytes as will do. Never throws; a line without an end costs a bounded read. */
export async function readSessionMeta(files: Files, path: string, need: HeaderNeed): Promise<HeaderRead> {
  let last: HeaderRead = { kind: 'no_meta' };
  for (const maxBytes of need === 'id'
    ? [ID_BYTES, LINE_BYTES, LONGEST_LINE_BYTES]
    : [LINE_BYTES, LONGEST_LINE_BYTES]) {
    const head = await readHead(files, path, maxBytes);
    if (head.kind !== 'head') return head;
    const found = metaIn(head.text, head.whole);
    if (found && (found.whole || need === 'id')) return { kind: 'meta', meta: found.meta };
    last = found ? { kind: 'meta', meta: found.meta } : { kind: 'no_meta' };
    if (head.whole || !head.text.trim()) break;
  }
  return last;
}

type Head =
  | { readonly kind: 'head'; readonly text: string; readonly whole: boolean }
  | Exclude<HeaderRead, { readonly kind: 'meta' | 'no_meta' }>;

/** The first bytes of the content, unpacked where it is compressed. */
async function readHead(files: Files, path: string, maxBytes: number): Promise<Head> {
  const read = files.readBytes(path, { maxBytes });
  if (read.kind !== 'read') return read;
  if (!path.endsWith('.zst'))
    return { kind: 'head', text: read.bytes.toString('utf8'), whole: !read.truncated };
  const pieces: Buffer[] = [];
  let length = 0;
  const fault = await unpack([read.bytes], (piece) => {
    pieces.push(piece);
    return (length += piece.length) < maxBytes;
  });
  if (fault?.kind === 'corrupt') return { kind: 'unpack', code: fault.code };
  if (fault && !read.truncated && length === 0) return { kind: 'unpack', code: fault.code };
  const whole = !read.truncated && length < maxBytes;
  return { kind: 'head', text: Buffer.concat(pieces).subarray(0, maxBytes).toString('utf8'), whole };
}

function metaIn(text: string, whole: boolean): { meta: SessionMeta; whole: boolean } | undefined {
  let start = 0;
  for (let tried = 0; tried < LINES_TRIED && start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line === '') continue;
    tried += 1;
    const meta = sessionMetaOf(parseObjectPrefix(line));
    if (meta) return { meta, whole: newline !== -1 || whole };
  }
  return undefined;
}

/** The metadata in a parsed record, or undefined when the record is another one or lacks an id. */
export function sessionMetaOf(record: JsonObject | undefined): SessionMeta | undefined {
  if (record?.['type'] !== 'session_meta') return undefined;
  const payload = objectOf(record['payload']);
  const id = payload?.['id'];
  if (!payload || typeof id !== 'string') return undefined;
  const forkedFromId = payload['forked_from_id'];
  const base = objectOf(payload['history_base']);
  const baseId = base?.['thread_id'];
  const end = base?.['end_byte_offset'];
  return {
    id: id.toLowerCase(),
    ...(typeof forkedFromId === 'string' && { forkedFromId: forkedFromId.toLowerCase() }),
    ...(typeof baseId === 'string' && {
      historyBase: {
        threadId: baseId.toLowerCase(),
        ...(typeof end === 'number' && { endByteOffset: end }),
      },
    }),
  };
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
