import { endianness } from 'node:os';
import type { Files } from '../../host/files.ts';

/** What a write-ahead log is worth (https://sqlite.org/fileformat2.html, section 4). */
export type LogState =
  | { readonly kind: 'absent' }
  /** No frame in it. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'sound'; readonly frames: number }
  /** Larger than is read for this purpose; only the header was looked at. */
  | { readonly kind: 'unread'; readonly bytes: number }
  /** SQLite takes the log for empty: everything in it is lost without a word. */
  | { readonly kind: 'bad_header'; readonly bytes: number }
  /** SQLite stops reading at the broken frame, although transactions that were completed stand behind it. */
  | { readonly kind: 'broken_frame'; readonly frame: number; readonly lostFrames: number };

export const LOG_HEADER_BYTES = 32;
/** The header up to its own checksum. */
const SUMMED_HEADER_BYTES = 24;
const FRAME_HEADER_BYTES = 24;
const VERSION = 3_007_000;
const LITTLE_ENDIAN_MAGIC = 0x377f_0682;
const BIG_ENDIAN_MAGIC = 0x377f_0683;
/** SQLite starts over at about 4 MB; a log far beyond that is stuck, which another check reports. */
const MAX_BYTES = 16 * 1024 * 1024;

export function examineLog(path: string, files: Files): LogState {
  const read = files.readBytes(path, { maxBytes: MAX_BYTES });
  if (read.kind !== 'read') return { kind: 'absent' };
  const { bytes, facts } = read;
  // SQLite takes what is shorter than a header for a log that has not begun.
  if (bytes.length < LOG_HEADER_BYTES) return { kind: 'empty' };
  const state = parseLog(bytes);
  return read.truncated && state.kind !== 'bad_header' ? { kind: 'unread', bytes: facts.size } : state;
}

/** Walks the frames as SQLite's recovery does. */
export function parseLog(bytes: Buffer): Exclude<LogState, { kind: 'absent' | 'unread' }> {
  if (!isLogHeader(bytes)) return { kind: 'bad_header', bytes: bytes.length };
  const pageSize = bytes.readUInt32BE(8);
  const sum = checksumBy(bytes.readUInt32BE(0) === LITTLE_ENDIAN_MAGIC, bytes);
  let running = sum(0, SUMMED_HEADER_BYTES, [0, 0]);
  const salts = bytes.subarray(16, 24);
  const frameBytes = FRAME_HEADER_BYTES + pageSize;
  const count = Math.floor((bytes.length - LOG_HEADER_BYTES) / frameBytes);
  const start = (frame: number): number => LOG_HEADER_BYTES + frame * frameBytes;
  const isOfThisLog = (frame: number): boolean =>
    bytes.subarray(start(frame) + 8, start(frame) + 16).equals(salts);

  let sound = 0;
  for (; sound < count && isOfThisLog(sound); sound += 1) {
    const at = start(sound);
    running = sum(at, at + 8, running);
    running = sum(at + FRAME_HEADER_BYTES, at + frameBytes, running);
    if (!isSum(running, bytes, at + 16)) break;
  }
  // Frames of an earlier round carry other salts, and an interrupted write leaves a broken tail without a commit: both
  // are healthy. A later frame of this round that completes a transaction means that data was lost in between.
  let lastCommit = -1;
  for (let frame = sound + 1; frame < count; frame += 1)
    if (isOfThisLog(frame) && bytes.readUInt32BE(start(frame) + 4) > 0) lastCommit = frame;
  if (lastCommit >= 0) return { kind: 'broken_frame', frame: sound + 1, lostFrames: lastCommit - sound + 1 };
  return sound === 0 ? { kind: 'empty' } : { kind: 'sound', frames: sound };
}

/** Whether SQLite would believe the header of a log; without one it takes the log for empty. */
export function isLogHeader(start: Buffer): boolean {
  if (start.length < LOG_HEADER_BYTES) return false;
  const header = start.subarray(0, LOG_HEADER_BYTES);
  const magic = header.readUInt32BE(0);
  const pageSize = header.readUInt32BE(8);
  return (
    (magic === LITTLE_ENDIAN_MAGIC || magic === BIG_ENDIAN_MAGIC) &&
    header.readUInt32BE(4) === VERSION &&
    pageSize >= 512 &&
    pageSize <= 65_536 &&
    pageSize % 8 === 0 &&
    isSum(
      checksumBy(magic === LITTLE_ENDIAN_MAGIC, header)(0, SUMMED_HEADER_BYTES, [0, 0]),
      header,
      SUMMED_HEADER_BYTES,
    )
  );
}

type Sum = readonly [number, number];

/** Sums words in the byte order that the log's writer had; typed arrays read them in the order of this machine. */
function checksumBy(isLittleEndian: boolean, bytes: Buffer): (from: number, to: number, sum: Sum) => Sum {
  const isNative = isLittleEndian === (endianness() === 'LE');
  const even = bytes.subarray(0, bytes.length - (bytes.length % 4));
  const aligned = isNative && even.byteOffset % 4 === 0 ? even : Buffer.from(even);
  if (!isNative) aligned.swap32();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
  return (from, to, [first, second]) => {
    let a = first;
    let b = second;
    for (let at = from / 4; at < to / 4; at += 2) {
      a = (a + (words[at] ?? 0) + b) | 0;
      b = (b + (words[at + 1] ?? 0) + a) | 0;
    }
    return [a, b];
  };
}

/** Checksums are stored big-endian whatever the order of the words that were summed. */
function isSum([first, second]: Sum, bytes: Buffer, at: number): boolean {
  return bytes.readInt32BE(at) === first && bytes.readInt32BE(at + 4) === second;
}
