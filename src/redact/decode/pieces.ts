/** A form of a text in which to look for secrets, and where each of its characters stands in the text itself. */
export interface Haystack {
  readonly text: string;
  /** Offset in the original for an offset in {@link text}. */
  readonly originalOffset: (offset: number) => number;
  /** Offset in the original where the character before an offset in {@link text} ends. */
  readonly originalEnd: (offset: number) => number;
}

/** Builds a form of a text out of pieces, each of which stands for a stretch of the original. */
export interface PieceWriter {
  /** Characters that stand as they are. */
  readonly keep: (text: string, from: number) => void;
  /** A character that a stretch means as a whole: it is hidden whole or not at all. */
  readonly decoded: (code: number, from: number, to: number) => void;
  readonly finish: () => Haystack;
}

/** So many characters become a string at a time. */
const CHUNK = 1_024;

export function createPieceWriter(): PieceWriter {
  const texts: string[] = [];
  let codes: number[] = [];
  let length = 0;
  // A whole text may be written out, so a piece is no object of its own, and characters of the same width are one piece.
  const [offsets, begins, widths]: [number[], number[], number[]] = [[], [], []];
  let next = { from: -1, width: 0 };

  const add = (from: number, width: number, count: number): void => {
    if (next.from !== from || next.width !== width) {
      offsets.push(length);
      begins.push(from);
      widths.push(width);
      next = { from, width };
    }
    next.from += width * count;
    length += count;
  };
  const flush = (): void => {
    if (codes.length === 0) return;
    texts.push(String.fromCharCode(...codes));
    codes = [];
  };
  const pieceAt = (offset: number): number => {
    let [low, high] = [0, offsets.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const originalAt = (piece: number, offset: number): number =>
    (begins[piece] ?? 0) + (offset - (offsets[piece] ?? 0)) * (widths[piece] ?? 1);

  return {
    keep(text, from) {
      if (text === '') return;
      flush();
      add(from, 1, text.length);
      texts.push(text);
    },
    decoded(code, from, to) {
      if (codes.length === CHUNK) flush();
      add(from, to - from, 1);
      codes.push(code);
    },
    finish() {
      flush();
      return {
        text: texts.join(''),
        originalOffset: (offset) => originalAt(pieceAt(offset), offset),
        originalEnd: (offset) => originalAt(pieceAt(offset - 1), offset),
      };
    },
  };
}
