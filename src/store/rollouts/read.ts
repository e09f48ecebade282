import { setImmediate, setTimeout } from 'node:timers/promises';
import type { BytesRead, Files } from '../../host/files.ts';
import type { RolloutLine, StoredLine } from './line.ts';
import { createLineReader, parseLine } from './lines.ts';
import { plainName } from './name.ts';
import { unpack } from './zstd.ts';

/** What became of reading a rollout. The lines themselves went to `onLine`. */
export type RolloutReading =
  | {
      readonly kind: 'read';
      /** The file that was read: the plain one, or its compressed twin. */
      readonly path: string;
      /** Size of that file when reading began. */
      readonly bytes: number;
      readonly lines: number;
      /** Not JSON, or no record that is known; passed over. */
      readonly badLines: number;
      /** Of the first record; undefined for a file of blank lines. */
      readonly firstType: string | undefined;
      /** Where a writer of a paginated file goes on; undefined for a legacy one. */
      readonly nextOrdinal: number | undefined;
    }
  /** No line that is not blank. */
  | { readonly kind: 'empty'; readonly path: string }
  /** A compressed file that does not unpack. What came before was given to `onLine`. */
  | { readonly kind: 'damaged'; readonly path: string; readonly code: string }
  | Exclude<BytesRead, { readonly kind: 'read' }>;

interface ReadRolloutOptions {
  readonly files: Files;
  /** Plain or compressed; the other one is read where this one is missing. */
  readonly path: string;
  /** Called with each record in order; returns false to stop reading. */
  readonly onLine: (line: StoredLine) => boolean | void;
  /** Reads no further than this offset of the (unpacked) content. */
  readonly endByteOffset?: number | undefined;
}

const CHUNK_BYTES = 256 * 1024;
/** A record this long is no conversation: the model could never see it. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** A file is missing for a moment while it is compressed or moved (spec/observability.md 3). */
const MISSING_TRIES = 3;
const MISSING_PAUSE_MS = 50;

/** Reads a rollout line by line, plain or compressed. Memory stays at one line; never throws over what stands in the file. */
export async function readRollout(options: ReadRolloutOptions): Promise<RolloutReading> {
  const plain = plainName(options.path);
  for (let tries = 0; ; tries += 1) {
    for (const path of [plain, `${plain}.zst`]) {
      const seen = options.files.look(path);
      if (seen.kind !== 'missing')
        return readFile({ ...options, path, bytes: seen.kind === 'found' ? seen.size : 0 });
    }
    if (tries === MISSING_TRIES) return { kind: 'missing' };
    await setTimeout(MISSING_PAUSE_MS);
  }
}

async function readFile({
  files,
  path,
  bytes: size,
  onLine,
  endByteOffset = Number.POSITIVE_INFINITY,
}: ReadRolloutOptions & { readonly bytes: number }): Promise<RolloutReading> {
  let lines = 0;
  let badLines = 0;
  let firstType: string | undefined;
  let nextOrdinal: number | undefined;
  let isStopped = false;
  const reader = createLineReader({
    startOffset: 0,
    maxLineBytes: MAX_LINE_BYTES,
    onTooLong: () => {
      badLines += 1;
    },
    onLine: (bytes, { offset }) => {
      if (isStopped || offset >= endByteOffset) return;
      const parsed = parseLine(bytes);
      if (parsed.kind === 'blank') return;
      lines += 1;
      const stored = parsed.kind === 'record' ? storedLineOf(parsed.record) : 'bad';
      if (stored === 'bad') {
        badLines += 1;
        return;
      }
      const { ordinal, type } = stored;
      firstType ??= type;
      if (ordinal !== undefined) nextOrdinal = ordinal + 1;
      if (stored.known && onLine(stored.known) === false) isStopped = true;
    },
  });
  const result = (): RolloutReading =>
    lines === 0
      ? { kind: 'empty', path }
      : { kind: 'read', path, bytes: size, lines, badLines, firstType, nextOrdinal };

  if (path.endsWith('.zst')) {
    const packed = packedChunks(files, path);
    const fault = await unpack(packed.chunks(), (piece) => {
      reader.push(piece);
      return !isStopped;
    });
    const failed = packed.failed();
    if (failed) return failed;
    if (!isStopped) reader.end();
    return fault && !isStopped ? { kind: 'damaged', path, code: fault.code } : result();
  }
  for (let offset = 0; offset < endByteOffset;) {
    const part = files.readBytes(path, { offset, maxBytes: Math.min(CHUNK_BYTES, endByteOffset - offset) });
    if (part.kind !== 'read') return part;
    reader.push(part.bytes);
    offset += part.bytes.length;
    if (isStopped || !part.truncated || part.bytes.length === 0) break;
    await setImmediate();
  }
  if (!isStopped) reader.end();
  return result();
}

function packedChunks(
  files: Files,
  path: string,
): { chunks: () => Generator<Buffer>; failed: () => Exclude<BytesRead, { kind: 'read' }> | undefined } {
  let failed: Exclude<BytesRead, { kind: 'read' }> | undefined;
  return {
    failed: () => failed,
    *chunks() {
      for (let offset = 0; ;) {
        const part = files.readBytes(path, { offset, maxBytes: CHUNK_BYTES });
        if (part.kind !== 'read') {
          failed = part;
          return;
        }
        offset += part.bytes.length;
        yield part.bytes;
        if (!part.truncated) return;
      }
    },
  };
}

/** Written by release 0.169 beside what a conversation needs; read over, and no fault. */
const FURTHER_TYPES: ReadonlySet<string> = new Set([
  'world_state',
  'token_usage_record',
  'dynamic_tools_updated',
  'inter_agent_communication',
  'inter_agent_communication_metadata',
  'security_risk_score',
  'realtime_item',
]);

interface Recognised {
  readonly type: string;
  readonly ordinal: number | undefined;
  /** Undefined for a record that is passed over in silence. */
  readonly known: StoredLine | undefined;
}

function storedLineOf(record: Readonly<Record<string, unknown>>): Recognised | 'bad' {
  const { type, payload, timestamp, ordinal: number } = record;
  if (typeof type !== 'string' || !isObject(payload)) return 'bad';
  const ordinal = typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
  if (FURTHER_TYPES.has(type)) return { type, ordinal, known: undefined };
  const line = lineOf(type, payload);
  if (line === 'bad' || line === undefined) return line ?? { type, ordinal, known: undefined };
  return {
    type,
    ordinal,
    known: { timestamp: typeof timestamp === 'string' ? timestamp : undefined, ordinal, line },
  };
}

/** Undefined: a kind of item that older agents wrote and nobody misses. */
function lineOf(type: string, payload: Readonly<Record<string, unknown>>): RolloutLine | 'bad' | undefined {
  switch (type) {
    case 'session_meta':
      if (typeof payload['id'] !== 'string') return 'bad';
      return {
        type,
        payload: payload as unknown as Extract<RolloutLine, { type: 'session_meta' }>['payload'],
      };
    case 'response_item':
      if (payload['type'] === 'ghost_snapshot') return undefined;
      return typeof payload['type'] === 'string' ? { type, payload } : 'bad';
    case 'event_msg':
      return typeof payload['type'] === 'string' ? { type, payload } : 'bad';
    case 'turn_context':
    case 'compacted':
      return { type, payload };
    default:
      return 'bad';
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
