import { isUtf8 } from 'node:buffer';

/** Something that is not a record of the agent, and where it stands. */
export interface LineFault {
  readonly kind: LineFaultKind;
  /** 1-based; undefined when the file was not read from its beginning. */
  readonly line: number | undefined;
  /** Offset of the line's first byte in the (unpacked) content. */
  readonly offset: number;
}

export type LineFaultKind = 'nul_bytes' | 'invalid_utf8' | 'not_json' | 'not_a_record' | 'too_long';

export interface LineReader {
  push(chunk: Buffer): void;
  /** Gives the last line, which has no line end. */
  end(): void;
}

interface LineReaderOptions {
  /** Offset of the first byte that is pushed, when reading starts in the middle: that line is then passed over. */
  readonly startOffset: number;
  readonly maxLineBytes: number;
  /** Called with each line, without its end; `ended` is false for a last line that has none. */
  readonly onLine: (line: Buffer, place: LinePlace) => void;
  /** Called once for a line longer than the limit; its bytes are passed over. */
  readonly onTooLong: (place: LinePlace) => void;
}

export interface LinePlace {
  readonly line: number | undefined;
  readonly offset: number;
  readonly ended: boolean;
}

const NEWLINE = 0x0a;

/** Cuts chunks into lines, holding no more than one line of the permitted length. */
export function createLineReader({
  startOffset,
  maxLineBytes,
  onLine,
  onTooLong,
}: LineReaderOptions): LineReader {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let line = 1;
  let offset = startOffset;
  let passing = startOffset > 0;
  let tooLong = false;

  const place = (ended: boolean): LinePlace => ({
    line: startOffset > 0 ? undefined : line,
    offset,
    ended,
  });
  const hold = (piece: Buffer): void => {
    heldBytes += piece.length;
    if (passing || tooLong) return;
    if (heldBytes > maxLineBytes) {
      tooLong = true;
      held = [];
      onTooLong(place(false));
    } else if (piece.length > 0) held.push(piece);
  };
  const finish = (ended: boolean): void => {
    if (!passing && !tooLong) {
      const [first] = held;
      onLine(held.length === 1 && first ? first : Buffer.concat(held), place(ended));
    }
    offset += heldBytes + 1;
    line += 1;
    held = [];
    heldBytes = 0;
    passing = false;
    tooLong = false;
  };
  return {
    push(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
        hold(chunk.subarray(start, at));
        finish(true);
        start = at + 1;
      }
      if (start < chunk.length) hold(chunk.subarray(start));
    },
    end() {
      if (heldBytes > 0) finish(false);
    },
  };
}

export type ParsedLine =
  | { readonly kind: 'blank' }
  | { readonly kind: 'record'; readonly record: Readonly<Record<string, unknown>> }
  | { readonly kind: Exclude<LineFaultKind, 'too_long'> };

/** Reads one line as a record: a JSON object. What kind of record is not judged here, so newer kinds pass. */
export function parseLine(line: Buffer): ParsedLine {
  if (line.includes(0)) return { kind: 'nul_bytes' };
  if (!isUtf8(line)) return { kind: 'invalid_utf8' };
  const text = line.toString('utf8').trim();
  if (text === '') return { kind: 'blank' };
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { kind: 'record', record: value as Readonly<Record<string, unknown>> }
      : { kind: 'not_a_record' };
  } catch {
    return { kind: 'not_json' };
  }
}
